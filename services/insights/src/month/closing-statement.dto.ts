import type { MoneyJson } from '@steward/kernel';
import { instant } from '@steward/platform';
import { z } from 'zod';
import { money } from '../billing/billing-figure.dto.js';
import { BILLING_MEANINGS, BILLING_MEASURES, type BillingMeasure } from '../billing/billing-figure.rules.js';
import {
  MEANINGS,
  MEASURE_NAMES,
  RATE_NAMES,
  RATES,
  type Measure,
  type Rate,
} from '../figure/figure.rules.js';
import { BILLING_STATEMENT_EXAMPLE, TICKET_STATEMENT_EXAMPLE } from './closing-statement.examples.js';
import { STATEMENT_DIMENSIONS } from './closing-statement.rules.js';
import { monthClosingDto } from './month-closing.dto.js';

const judged = {
  asOf: instant().optional().describe('The time that `now` is judged at; now, if left out.'),
};

export const ticketStatementQuery = z.strictObject({
  ...judged,
  by: z.enum(STATEMENT_DIMENSIONS).default('total').describe('One row in total, or one for each value.'),
});
export type TicketStatementQuery = z.output<typeof ticketStatementQuery>;
export const billingStatementQuery = z.strictObject(judged);
export type BillingStatementQuery = z.output<typeof billingStatementQuery>;

const figure = <Value>(value: z.ZodType<Value>) =>
  z.object({
    asClosed: value.describe('As it was known when the month was closed; this never changes.'),
    now: value.describe('The same question, judged at `asOf` with all that is known since.'),
    correction: value.describe('now less asClosed'),
    opens: z
      .boolean()
      .describe(
        '`recordsAsClosed` gives exactly the records that made up `asClosed`. false: some of them have changed since, such as a ticket that was reopened or classified anew, and the records as they were then cannot be listed.',
      ),
  });

const rate = (meaning: string) => {
  const share = z.string().nullable();
  return z
    .object({ asClosed: share, now: share, correction: share })
    .describe(`${meaning}, four places; null where there are none.`);
};

/** One figure for each measure, with its meaning. */
const figures = <Name extends string, Value>(
  names: readonly Name[],
  meanings: Readonly<Record<Name, string>>,
  value: () => z.ZodType<Value>,
) => {
  type Figure = ReturnType<typeof figure<Value>>;
  const fields = names.map((name): [Name, Figure] => [name, figure(value()).describe(meanings[name])]);
  return z.object(Object.fromEntries(fields) as Record<Name, Figure>);
};

const addresses = {
  records: z.string().describe('Address of the records behind `now`: add measure=… for one figure.'),
  recordsAsClosed: z
    .string()
    .describe('The same, judged at the closing: for each figure with `opens`, what made up `asClosed`.'),
};

const LATE = 'registered late: recorded after the month was closed';

export const ticketStatementDto = z
  .object({
    closing: monthClosingDto,
    asOf: instant(),
    by: z.enum(STATEMENT_DIMENSIONS),
    rows: z.array(
      z.object({
        kind: z.string().nullable(),
        categoryCode: z.string().nullable(),
        figures: figures<Measure, number>(MEASURE_NAMES, { ...MEANINGS, late: LATE }, () => z.int()),
        rates: z.object(
          Object.fromEntries(RATE_NAMES.map((name) => [name, rate(RATES[name].join(' / '))])) as Record<
            Rate,
            ReturnType<typeof rate>
          >,
        ),
        ...addresses,
      }),
    ),
  })
  .meta({ id: 'TicketClosingStatement', examples: [TICKET_STATEMENT_EXAMPLE] });
export type TicketStatementDto = z.output<typeof ticketStatementDto>;

export const billingStatementDto = z
  .object({
    closing: monthClosingDto,
    asOf: instant(),
    rows: z
      .array(
        z.object({
          currency: z.string(),
          figures: figures<BillingMeasure, MoneyJson>(BILLING_MEASURES, BILLING_MEANINGS, money),
          collectionRate: rate('collected / owed'),
          ...addresses,
        }),
      )
      .describe('One per currency.'),
  })
  .meta({ id: 'BillingClosingStatement', examples: [BILLING_STATEMENT_EXAMPLE] });
export type BillingStatementDto = z.output<typeof billingStatementDto>;
