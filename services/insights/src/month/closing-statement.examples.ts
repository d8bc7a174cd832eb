import { BILLING_MEASURES, type BillingMeasure } from '../billing/billing-figure.rules.js';
import { MEASURE_NAMES, type Measure } from '../figure/figure.rules.js';
import { recordsAddress } from '../figure/records-address.js';
import { CLOSING_EXAMPLE } from './month-closing.dto.js';

/** Examples for the API's documentation: a February after whose closing a ticket was completed and a charge paid. */
const { branchId, month, closedAt } = CLOSING_EXAMPLE;
const AS_OF = '2026-05-04T02:00:00.000Z';

const addresses = (of: 'tickets' | 'billing', part: Readonly<Record<string, string>>) => {
  const address = (asOf: string): string => {
    const asked = { branchId, fromMonth: month, toMonth: month, happened: true, asOf };
    return recordsAddress(of, { ...asked, ...part });
  };
  return { records: address(AS_OF), recordsAsClosed: address(closedAt) };
};

const TICKETS: Partial<Record<Measure, readonly [asClosed: number, now: number]>> = {
  received: [3, 3],
  closed: [1, 2],
  open: [2, 1],
  onTime: [1, 1],
  closedLate: [0, 1],
  openOverdue: [1, 0],
  overdue: [1, 1],
  everClosed: [1, 2],
  callbacksDue: [1, 2],
  calledBack: [1, 1],
};

export const TICKET_STATEMENT_EXAMPLE = {
  closing: CLOSING_EXAMPLE,
  asOf: AS_OF,
  by: 'total' as const,
  rows: [
    {
      kind: null,
      categoryCode: null,
      figures: Object.fromEntries(
        MEASURE_NAMES.map((name) => {
          const [asClosed, now] = TICKETS[name] ?? [0, 0];
          return [name, { asClosed, now, correction: now - asClosed, opens: true }];
        }),
      ) as Record<Measure, { asClosed: number; now: number; correction: number; opens: boolean }>,
      rates: {
        callback: { asClosed: '1.0000', now: '0.5000', correction: '-0.5000' },
        reopen: { asClosed: '0.0000', now: '0.0000', correction: '0.0000' },
      },
      ...addresses('tickets', {}),
    },
  ],
};

const cny = (amount: number) => ({ amount: amount.toFixed(2), currency: 'CNY' });
const BILLING: Partial<Record<BillingMeasure, readonly [asClosed: number, now: number]>> = {
  receivable: [200, 200],
  received: [60, 60],
  owed: [200, 200],
  collected: [60, 160],
  open: [140, 40],
  arrears: [0, 40],
  arrears31To90: [0, 40],
};
const billingFigure = (name: BillingMeasure) => {
  const [asClosed, now] = BILLING[name] ?? [0, 0];
  return { asClosed: cny(asClosed), now: cny(now), correction: cny(now - asClosed), opens: true };
};

export const BILLING_STATEMENT_EXAMPLE = {
  closing: CLOSING_EXAMPLE,
  asOf: AS_OF,
  rows: [
    {
      currency: 'CNY',
      figures: Object.fromEntries(BILLING_MEASURES.map((name) => [name, billingFigure(name)])) as Record<
        BillingMeasure,
        ReturnType<typeof billingFigure>
      >,
      collectionRate: { asClosed: '0.3000', now: '0.8000', correction: '0.5000' },
      ...addresses('billing', { currency: 'CNY' }),
    },
  ],
};
