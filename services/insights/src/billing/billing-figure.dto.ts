import { flag, instant, listQuery, month, pageSchema } from '@steward/platform';
import type { MoneyJson } from '@steward/kernel';
import { z } from 'zod';
import { closedFields } from '../month/closed-fields.dto.js';
import { BILLING_FIGURES_EXAMPLE, BILLING_RECORD_EXAMPLE } from './billing-figure.examples.js';
import {
  BILLING_DIMENSIONS,
  BILLING_MEANINGS,
  BILLING_MEASURES,
  FACT_KINDS,
  FLOW_NAMES,
  type BillingMeasure,
  type Flow,
} from './billing-figure.rules.js';

export const money = (): z.ZodType<MoneyJson> => z.object({ amount: z.string(), currency: z.string() });

const selection = {
  branchId: z.uuid().optional(),
  regionId: z.uuid().optional().describe('All branches of the region.'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'is not a currency such as CNY')
    .optional(),
  fromMonth: month()
    .optional()
    .describe("First month, by the branch's own time: of what happened, and of the charges that stand."),
  toMonth: month().optional().describe('Last month, included.'),
  asOf: instant()
    .optional()
    .describe('The time that owed, collected, open and arrears are judged at; now, if left out.'),
};

export const billingFiguresQuery = z.strictObject({
  ...selection,
  by: z
    .string()
    .max(200)
    .default('branch')
    .transform((text) => [...new Set(text.split(',').filter(Boolean))])
    .pipe(z.array(z.enum(BILLING_DIMENSIONS)).max(BILLING_DIMENSIONS.length))
    .describe(`Comma-separated: ${BILLING_DIMENSIONS.join(', ')}; empty for one row per currency.`),
});
export type BillingFiguresQuery = z.output<typeof billingFiguresQuery>;

const fields = <Name extends string>(names: readonly Name[], meaning: (name: Name) => string) =>
  Object.fromEntries(names.map((name) => [name, money().describe(meaning(name))])) as Record<
    Name,
    z.ZodType<MoneyJson>
  >;

const figures = z.object({
  ...fields<BillingMeasure>(BILLING_MEASURES, (name) => BILLING_MEANINGS[name]),
  collectionRate: z
    .string()
    .nullable()
    .describe('collected / owed, four places; null where nothing is owed.'),
});
const corrections = z
  .object(fields<Flow>(FLOW_NAMES, (name) => `Late facts of: ${BILLING_MEANINGS[name]}`))
  .describe(
    'Facts of a closed month that were recorded after it, shown in the month in which they were recorded.',
  );

export const billingFiguresDto = z
  .object({
    asOf: instant(),
    generation: z.int().describe('Which build of the read model the figures come from.'),
    by: z.array(z.enum(BILLING_DIMENSIONS)),
    rows: z.array(
      z.object({
        branchId: z.uuid().nullable(),
        branchCode: z.string().nullable(),
        branchName: z.string().nullable(),
        month: z.string().nullable(),
        currency: z.string(),
        closed: z
          .boolean()
          .nullable()
          .describe(
            'Whether the month is closed, so that receivable and received stay; null without branch and month.',
          ),
        ...closedFields,
        figures,
        corrections,
        records: z
          .string()
          .describe('Address of the records behind the row: add measure=…, and late=true for a correction.'),
      }),
    ),
    totals: z.array(z.object({ currency: z.string(), figures, corrections })).describe('One per currency.'),
  })
  .meta({ id: 'BillingFigures', examples: [BILLING_FIGURES_EXAMPLE] });
export type BillingFiguresDto = z.output<typeof billingFiguresDto>;

export const billingRecordsQuery = listQuery({
  filters: {
    ...selection,
    measure: z.enum(BILLING_MEASURES).default('receivable'),
    late: flag().default(false).describe('true: the corrections of receivable and received.'),
    happened: flag()
      .default(false)
      .describe(
        'true: months by when it happened, late facts among them, as closing statements count; else late facts stand in the month in which they were recorded.',
      ),
  },
  sorts: ['countedAt'],
  defaultSort: 'countedAt',
});
export type BillingRecordsQuery = z.output<typeof billingRecordsQuery>;

export const billingRecordDto = z
  .object({
    kind: z.enum(FACT_KINDS),
    recordId: z.uuid().describe('The charge, payment or credit note.'),
    chargeId: z.uuid().nullable(),
    accountId: z.uuid(),
    branchId: z.uuid(),
    ticketId: z.uuid().nullable(),
    number: z.string().nullable(),
    about: z.string().nullable().describe('Fee item, method of payment, or why it was reversed.'),
    amount: money().describe('What the record adds to the figure; all of them together are the figure.'),
    dueOn: z.string().nullable(),
    statedOn: z.string().nullable(),
    occurredAt: instant(),
    recordedAt: instant(),
    late: z.boolean(),
  })
  .meta({ id: 'BillingFigureRecord', examples: [BILLING_RECORD_EXAMPLE] });
export type BillingRecordDto = z.output<typeof billingRecordDto>;
export const billingRecordPage = pageSchema(billingRecordDto).meta({
  id: 'BillingFigureRecordPage',
  examples: [{ items: [BILLING_RECORD_EXAMPLE], next: null }],
});
