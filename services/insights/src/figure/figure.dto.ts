import { TICKET_KINDS } from '@steward/contracts';
import { flag, instant, listQuery, month, pageSchema } from '@steward/platform';
import { z } from 'zod';
import { closedFields } from '../month/closed-fields.dto.js';
import { FIGURES_EXAMPLE, RECORD_EXAMPLE } from './figure.examples.js';
import {
  DIMENSIONS,
  MEANINGS,
  MEASURE_NAMES,
  RATE_NAMES,
  RATES,
  type Measure,
  type Rate,
} from './figure.rules.js';

const selection = {
  branchId: z.uuid().optional(),
  regionId: z.uuid().optional().describe('All branches of the region.'),
  categoryCode: z.string().max(100).optional(),
  channel: z.string().max(100).optional(),
  kind: z.enum(TICKET_KINDS).optional(),
  source: z.string().max(100).optional().describe('Only tickets imported from this source.'),
  fromMonth: month().optional().describe("First month of receipt, by the branch's own time."),
  toMonth: month().optional().describe('Last month of receipt, included.'),
  asOf: instant()
    .optional()
    .describe('The time that open, closed and overdue are judged at; now, if left out.'),
};

export const figuresQuery = z.strictObject({
  ...selection,
  by: z
    .string()
    .max(200)
    .default('branch')
    .transform((text) => [...new Set(text.split(',').filter(Boolean))])
    .pipe(z.array(z.enum(DIMENSIONS)).max(DIMENSIONS.length))
    .describe(`Comma-separated: ${DIMENSIONS.join(', ')}; empty for one total.`),
});
export type FiguresQuery = z.output<typeof figuresQuery>;

const measures = z.object(
  Object.fromEntries(MEASURE_NAMES.map((name) => [name, z.int().describe(MEANINGS[name])])) as Record<
    Measure,
    z.ZodInt
  >,
);

const rates = z.object(
  Object.fromEntries(
    RATE_NAMES.map((name) => [
      name,
      z
        .string()
        .nullable()
        .describe(`${RATES[name].join(' / ')}, four places; null where there are none.`),
    ]),
  ) as Record<Rate, z.ZodNullable<z.ZodString>>,
);

export const figuresDto = z
  .object({
    asOf: instant(),
    generation: z.int().describe('Which build of the read model the figures come from.'),
    by: z.array(z.enum(DIMENSIONS)),
    rows: z.array(
      z.object({
        branchId: z.uuid().nullable(),
        branchCode: z.string().nullable(),
        branchName: z.string().nullable(),
        categoryCode: z.string().nullable(),
        channel: z.string().nullable(),
        kind: z.string().nullable(),
        month: z.string().nullable(),
        ...closedFields,
        figures: measures,
        rates,
        records: z.string().describe('Address of the records behind the row; add measure=… for one figure.'),
      }),
    ),
    total: measures,
    rates,
  })
  .meta({ id: 'TicketFigures', examples: [FIGURES_EXAMPLE] });
export type FiguresDto = z.output<typeof figuresDto>;

export const recordsQuery = listQuery({
  filters: {
    ...selection,
    measure: z.enum(MEASURE_NAMES).default('received'),
    happened: flag()
      .default(false)
      .describe(
        'true: months of receipt also for tickets registered late, as closing statements count; else those stand in the month in which they were recorded.',
      ),
    withoutCategory: flag().optional().describe('Only tickets without a category.'),
  },
  sorts: ['receivedAt'],
  defaultSort: 'receivedAt',
});
export type RecordsQuery = z.output<typeof recordsQuery>;

export const recordDto = z
  .object({
    ticketId: z.uuid(),
    branchId: z.uuid(),
    number: z.string(),
    kind: z.string(),
    channel: z.string(),
    categoryCode: z.string().nullable(),
    source: z.string().nullable(),
    externalId: z.string().nullable(),
    receivedAt: instant(),
    dueAt: instant().nullable(),
    dueMissing: z.string().nullable(),
    completedAt: instant().nullable(),
    cancelledAt: instant().nullable(),
    onTime: z.boolean().nullable(),
  })
  .meta({ id: 'TicketFigureRecord', examples: [RECORD_EXAMPLE] });
export type RecordDto = z.output<typeof recordDto>;
export const recordPage = pageSchema(recordDto).meta({
  id: 'TicketFigureRecordPage',
  examples: [{ items: [RECORD_EXAMPLE], next: null }],
});
