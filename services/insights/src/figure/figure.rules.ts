import type { Role } from '@steward/kernel';
import { rateOf } from './rate.rules.js';

/** Who works with figures: managers for their units, auditors and headquarters for all that they oversee (GRP-01). */
export const FIGURE_ROLES: readonly [Role, ...Role[]] = [
  'cs-supervisor',
  'cs-manager',
  'branch-manager',
  'general-manager',
  'auditor',
  'hq-auditor',
  'hq-admin',
];

export const REBUILD_ROLES: readonly [Role, ...Role[]] = ['hq-admin'];

/** What figures can be told apart by. */
export const DIMENSIONS = ['branch', 'category', 'channel', 'kind', 'month'] as const;
export type Dimension = (typeof DIMENSIONS)[number];
/** An answer has no pages: one with more rows is for nobody's eyes, and is refused. */
export const MAX_ROWS = 10_000;

/**
 * What is counted, each as a condition over one ticket and the time that the figures are judged at. The same condition
 * counts the figure and opens it, so a figure and its records cannot differ (GRP-02). `$asOf` stands for that time.
 */
export const MEASURES = {
  received: 'true',
  closed: 'f.completed_at <= $asOf',
  cancelled: 'f.cancelled_at <= $asOf',
  open: "coalesce(f.completed_at, f.cancelled_at, 'infinity') > $asOf",
  onTime: 'f.completed_at <= $asOf and f.on_time',
  closedLate: 'f.completed_at <= $asOf and not f.on_time',
  openOverdue: "coalesce(f.completed_at, f.cancelled_at, 'infinity') > $asOf and f.due_at < $asOf",
  overdue: `(f.completed_at <= $asOf and not f.on_time)
    or (coalesce(f.completed_at, f.cancelled_at, 'infinity') > $asOf and f.due_at < $asOf)`,
  withoutDeadline: 'f.due_at is null',
  everClosed: 'f.first_completed_at <= $asOf',
  reopened: 'f.first_reopened_at <= $asOf',
  callbacksDue: 'k.scheduled_at <= $asOf',
  calledBack: 'k.called_back_at <= $asOf',
  late: 'f.registered_late',
} as const;
export type Measure = keyof typeof MEASURES;
export const MEASURE_NAMES = Object.keys(MEASURES) as [Measure, ...Measure[]];

/**
 * Every time of a ticket that a measure compares with `$asOf`, but for the deadline, which only counts while a ticket is
 * open. Once all of them are past, the measures of an ended ticket change no more: they can be summed and kept.
 */
export const MOMENTS = [
  'f.counted_at',
  'f.completed_at',
  'f.cancelled_at',
  'f.first_completed_at',
  'f.first_reopened_at',
  'k.scheduled_at',
  'k.called_back_at',
] as const;

/** In words, for the API's documentation and for whoever asks what a figure means. */
export const MEANINGS: Readonly<Record<Measure, string>> = {
  received: 'Tickets received in the period, up to the time that the figures are judged at',
  closed: 'of these, completed by then',
  cancelled: 'of these, cancelled by then',
  open: 'of these, neither completed nor cancelled by then',
  onTime: 'closed by their deadline',
  closedLate: 'closed after their deadline',
  openOverdue: 'still open then, with the deadline past',
  overdue: 'closed late, or open and overdue',
  withoutDeadline: 'without a deadline, because no allowance was set',
  everClosed: 'completed at least once by then, also when open again since',
  reopened: 'reopened, or ordered to be done again, at least once by then',
  callbacksDue: 'whose customer is to be called back',
  calledBack: 'whose customer was called back and reached by then',
  late: 'registered late, of a month that was closed already: corrections, in the month in which they were recorded',
};

/** Shares of one measure in another (GRP-01). */
export const RATES = {
  callback: ['calledBack', 'callbacksDue'],
  reopen: ['reopened', 'everClosed'],
} as const satisfies Record<string, readonly [part: Measure, whole: Measure]>;
export type Rate = keyof typeof RATES;
export const RATE_NAMES = Object.keys(RATES) as [Rate, ...Rate[]];

/** The rates of counted figures; null where there is nothing to have a share in. */
export const ratesOf = (figures: Readonly<Record<Measure, number | bigint>>): Record<Rate, string | null> =>
  Object.fromEntries(
    RATE_NAMES.map((name) => {
      const [part, whole] = RATES[name];
      return [name, rateOf(BigInt(figures[part]), BigInt(figures[whole]))];
    }),
  ) as Record<Rate, string | null>;

/**
 * Figures of one group as texts of whole numbers, each with a digest of the records that made it up (null: of none), so
 * that it can be told later whether they still do.
 */
export type FigureLine<Name extends string> = Readonly<{
  value: string | null;
  figures: Readonly<Record<Name, string>>;
  digests: Readonly<Record<Name, string | null>>;
}>;
