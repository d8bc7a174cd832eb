import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const MonthClosed = defineEvent({
  context: 'insights',
  name: 'month-closed',
  version: 1,
  aggregate: 'month',
  scope: 'branch',
  title: 'Month closed',
  description:
    'Headquarters closed a month of a branch: facts of it that come later are late, and show as corrections (GRP-02).',
  schema: z.object({
    monthId: id(),
    month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
    closedAt: instant(),
  }),
  sample: {
    monthId: '0197a2c4-5d00-7000-8000-000000000017',
    month: '2026-02',
    closedAt: '2026-03-03T02:00:00.000Z',
  },
});
export type MonthClosed = DataOf<typeof MonthClosed>;
