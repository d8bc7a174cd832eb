import { listQuery, month, pageSchema, text } from '@steward/platform';
import { z } from 'zod';
import { FEE_ITEM_CODE } from '../fee-item/fee-item.rules.js';

export const RUN_STATES = ['waiting', 'running', 'done', 'cancelled', 'failed'] as const;

export const startRunBody = z
  .strictObject({
    branchId: z.uuid(),
    period: month().describe(
      'The month whose days are charged; for metered items the month that a reading ends',
    ),
    items: z
      .array(z.string().max(100).regex(FEE_ITEM_CODE))
      .min(1)
      .max(100)
      .nullable()
      .default(null)
      .describe('Codes of fee items; null: all that runs charge'),
    dryRun: z.boolean().default(false).describe('Shows what would be charged, and charges nothing'),
    acceptGaps: z
      .boolean()
      .default(false)
      .describe('Charge what interval meters measured although intervals are missing'),
  })
  .meta({
    id: 'StartBillingRun',
    examples: [{ branchId: '0197a2c4-5d00-7000-8000-000000000002', period: '2026-03', dryRun: true }],
  });
export type StartRunBody = z.output<typeof startRunBody>;

export const cancelRunBody = z
  .strictObject({ reason: text(1000) })
  .meta({ id: 'CancelBillingRun', examples: [{ reason: '抄表未完成' }] });
export type CancelRunBody = z.output<typeof cancelRunBody>;

const money = z.object({ amount: z.string(), currency: z.string() });

export const billingRunDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    period: z.string(),
    items: z.array(z.string()).nullable(),
    dryRun: z.boolean(),
    acceptGaps: z.boolean(),
    state: z.enum(RUN_STATES),
    progress: z.object({
      items: z.int().nullable().describe('Fee items to go through; null before the run began'),
      itemsDone: z.int(),
      lookedAt: z.int().describe('Units and meters that were looked at'),
    }),
    charges: z.int(),
    exceptions: z.int(),
    totals: z.array(money).describe('What was charged, by currency'),
    error: z.string().nullable(),
    requestedBy: z.string(),
    requestedAt: z.iso.datetime(),
    completedAt: z.iso.datetime().nullable(),
    version: z.int(),
    actions: z.array(z.enum(['cancel'])),
  })
  .meta({ id: 'BillingRun' });
export type BillingRunDto = z.output<typeof billingRunDto>;

export const runsQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    period: month().optional(),
    state: z.enum(RUN_STATES).optional(),
  },
  sorts: ['requestedAt'],
  defaultSort: '-requestedAt',
});
export type RunsQuery = z.output<typeof runsQuery>;
export const billingRunPage = pageSchema(billingRunDto).meta({ id: 'BillingRunPage' });

export const runExceptionDto = z
  .object({
    id: z.uuid(),
    number: z.int(),
    feeItemCode: z.string(),
    propertyUnitId: z.uuid().nullable(),
    meterId: z.uuid().nullable(),
    code: z.string().describe('Why it was not charged, such as billing.tariff-missing'),
    detail: z.string(),
    serviceFrom: z.iso.date(),
    serviceTo: z.iso.date(),
  })
  .meta({ id: 'BillingRunException' });
export type RunExceptionDto = z.output<typeof runExceptionDto>;
export const runExceptionsQuery = listQuery({
  filters: { code: z.string().max(100).optional() },
  sorts: ['number'],
  defaultSort: 'number',
});
export type RunExceptionsQuery = z.output<typeof runExceptionsQuery>;
export const runExceptionPage = pageSchema(runExceptionDto).meta({ id: 'BillingRunExceptionPage' });

/** A line that a dry run would have charged. */
export const runLineDto = z
  .object({
    id: z.uuid(),
    number: z.int(),
    customerId: z.uuid(),
    propertyUnitId: z.uuid(),
    meterId: z.uuid().nullable(),
    feeItemCode: z.string(),
    serviceFrom: z.iso.date(),
    serviceTo: z.iso.date(),
    amount: money,
    explanation: z.unknown(),
  })
  .meta({ id: 'BillingRunLine' });
export type RunLineDto = z.output<typeof runLineDto>;
export const runLinesQuery = listQuery({ filters: {}, sorts: ['number'], defaultSort: 'number' });
export type RunLinesQuery = z.output<typeof runLinesQuery>;
export const runLinePage = pageSchema(runLineDto).meta({ id: 'BillingRunLinePage' });
