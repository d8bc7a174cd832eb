import { instant, listQuery, month, pageSchema } from '@steward/platform';
import { z } from 'zod';
import type { MonthClosing } from './month-closing.repository.js';

const BRANCH = '0197a2c4-5d00-7000-8000-000000000002';
export const CLOSING_EXAMPLE = {
  id: '0197a2c4-5d00-7000-8000-000000000017',
  branchId: BRANCH,
  month: '2026-02',
  timeZone: 'Asia/Shanghai',
  closedAt: '2026-03-03T02:00:00.000Z',
  closedBy: 'hq.admin',
};

export const closeMonthBody = z
  .strictObject({ branchId: z.uuid(), month: month() })
  .meta({ id: 'CloseMonth', examples: [{ branchId: BRANCH, month: '2026-02' }] });
export type CloseMonthBody = z.output<typeof closeMonthBody>;

export const monthClosingDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    month: z.string(),
    timeZone: z.string().describe('The zone of the branch by which the month was judged.'),
    closedAt: instant(),
    closedBy: z.string(),
  })
  .meta({ id: 'MonthClosing', examples: [CLOSING_EXAMPLE] });
export type MonthClosingDto = z.output<typeof monthClosingDto>;

export const closingDto = ({
  id,
  branchId,
  month,
  timeZone,
  closedAt,
  closedBy,
}: MonthClosing): MonthClosingDto => ({
  ...{ id, branchId, month, timeZone, closedBy },
  closedAt: closedAt.toISOString(),
});

export const monthClosingsQuery = listQuery({
  filters: { branchId: z.uuid().optional(), month: month().optional() },
  sorts: ['month'],
  defaultSort: '-month',
});
export type MonthClosingsQuery = z.output<typeof monthClosingsQuery>;

export const monthClosingPage = pageSchema(monthClosingDto).meta({
  id: 'MonthClosingPage',
  examples: [{ items: [CLOSING_EXAMPLE], next: null }],
});
