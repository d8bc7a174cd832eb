import { day, flag, listQuery, pageSchema } from '@steward/platform';
import { z } from 'zod';
import { moneyOutput } from '../money.fields.js';

const scope = {
  branchId: z.uuid(),
  siteId: z.uuid().optional(),
  asOf: day().optional().describe("What was owed at the end of that day; the branch's today, if left out"),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('CNY'),
};

const ages = () => ({
  total: moneyOutput().describe('What is open'),
  notDue: moneyOutput(),
  overdue: moneyOutput(),
  days1To30: moneyOutput(),
  days31To60: moneyOutput(),
  days61To90: moneyOutput(),
  days91To180: moneyOutput(),
  days181To365: moneyOutput(),
  older: moneyOutput(),
  credit: moneyOutput().describe('Prepaid: no charge has taken it'),
});

const zero = { amount: '0.00', currency: 'CNY' };
const AGES_EXAMPLE = {
  total: { amount: '180.50', currency: 'CNY' },
  notDue: { amount: '60.00', currency: 'CNY' },
  overdue: { amount: '120.50', currency: 'CNY' },
  days1To30: zero,
  days31To60: { amount: '120.50', currency: 'CNY' },
  days61To90: zero,
  days91To180: zero,
  days181To365: zero,
  older: zero,
  credit: zero,
};
const ROW_EXAMPLE = {
  id: '0197a2c4-5d00-7000-8000-00000000000a',
  asOf: '2026-05-10',
  ...AGES_EXAMPLE,
  oldestDueOn: '2026-03-31',
  monthsLate: 2,
};

export const arrearsDto = z
  .object({
    id: z.uuid().describe('The customer, or the account when asked by account'),
    asOf: day(),
    ...ages(),
    oldestDueOn: day().nullable(),
    monthsLate: z.int().describe('Begun months since the oldest debt was due'),
  })
  .meta({ id: 'Arrears', examples: [ROW_EXAMPLE] });
export type ArrearsDto = z.output<typeof arrearsDto>;

export const arrearsQuery = listQuery({
  filters: {
    ...scope,
    by: z.enum(['customer', 'account']).default('customer'),
    customerId: z.uuid().optional(),
    late: flag().optional().describe('true: only who is late'),
  },
  sorts: ['overdue', 'oldestDueOn', 'id'],
  defaultSort: '-overdue',
});
export type ArrearsQuery = z.output<typeof arrearsQuery>;
export const arrearsPage = pageSchema(arrearsDto).meta({
  id: 'ArrearsPage',
  examples: [{ items: [ROW_EXAMPLE], next: null }],
});

export const arrearsSummaryQuery = z.strictObject(scope);
export type ArrearsSummaryQuery = z.output<typeof arrearsSummaryQuery>;

export const arrearsSummaryDto = z
  .object({
    asOf: day(),
    ...ages(),
    customers: z.int().describe('Who owes or has credit'),
    lateCustomers: z.int(),
  })
  .meta({
    id: 'ArrearsSummary',
    examples: [{ asOf: '2026-05-10', ...AGES_EXAMPLE, customers: 2, lateCustomers: 1 }],
  });
export type ArrearsSummaryDto = z.output<typeof arrearsSummaryDto>;
