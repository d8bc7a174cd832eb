import type { Role } from '@steward/kernel';
import { FIGURE_ROLES } from '../figure/figure.rules.js';

/** Who works with figures of billing: whoever works with figures, and who keeps the books (GRP-01). */
export const BILLING_FIGURE_ROLES: readonly [Role, ...Role[]] = [...FIGURE_ROLES, 'accountant'];

/** What a billing event does to the figures. */
export const FACT_KINDS = [
  'charge',
  'charge-reversal',
  'credit',
  'settlement',
  'payment',
  'payment-reversal',
  'credit-note',
] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** What figures can be told apart by. Each row is of one currency besides. */
export const BILLING_DIMENSIONS = ['branch', 'month'] as const;
export type BillingDimension = (typeof BILLING_DIMENSIONS)[number];

/** Sums of what happened in a period, by the kinds of facts that make them up; they stand for themselves. */
export const FLOWS = {
  receivable: ['charge', 'charge-reversal', 'credit-note'],
  received: ['payment', 'payment-reversal'],
} as const satisfies Record<string, readonly FactKind[]>;
export type Flow = keyof typeof FLOWS;
export const FLOW_NAMES = Object.keys(FLOWS) as [Flow, ...Flow[]];

/**
 * Sums over the charges of a period as they stand at a time, each as SQL over one charge: `owed` is its amount less what
 * was reversed or credited, `collected` what payments settled of it, `days` the days after its due day.
 */
export const STATES = {
  owed: 'c.owed',
  collected: 'c.collected',
  open: 'c.owed - c.collected',
  arrears: 'case when c.days > 0 then c.owed - c.collected end',
  arrears0To30: 'case when c.days between 1 and 30 then c.owed - c.collected end',
  arrears31To90: 'case when c.days between 31 and 90 then c.owed - c.collected end',
  arrears91To180: 'case when c.days between 91 and 180 then c.owed - c.collected end',
  arrears181To365: 'case when c.days between 181 and 365 then c.owed - c.collected end',
  arrearsOver365: 'case when c.days > 365 then c.owed - c.collected end',
} as const;
export type State = keyof typeof STATES;
export const STATE_NAMES = Object.keys(STATES) as [State, ...State[]];

export type BillingMeasure = Flow | State;
export const BILLING_MEASURES = [...FLOW_NAMES, ...STATE_NAMES] as [BillingMeasure, ...BillingMeasure[]];

/** In words, for the API's documentation and for whoever asks what a figure means. */
export const BILLING_MEANINGS: Readonly<Record<BillingMeasure, string>> = {
  receivable: 'Charges of the period, less charges reversed and credit notes issued in it',
  received: 'Payments of the period, less payments reversed or refunded in it',
  owed: 'Charges of the period, less what was reversed or credited of them up to asOf',
  collected: 'of these, settled by payments up to asOf',
  open: 'of these, neither settled nor taken back by then',
  arrears: 'open, with the due day before the day of asOf',
  arrears0To30: 'arrears of up to 30 days after the due day',
  arrears31To90: 'arrears of 31 to 90 days',
  arrears91To180: 'arrears of 91 to 180 days',
  arrears181To365: 'arrears of 181 to 365 days',
  arrearsOver365: 'arrears of more than 365 days',
};
