/** Day of the week by ISO 8601: 1 = Monday … 7 = Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** A span of opening within one day, by the clock on the wall: `{from: '08:30', to: '12:00'}`; `to` may be `24:00`. */
export type TimeSpan = Readonly<{ from: string; to: string }>;

/** A day that is worked although the week says otherwise (调休): its own spans, or those of a weekday; Monday's by default. */
export type MakeUpDay = Readonly<{
  name: string;
  spans?: readonly TimeSpan[] | undefined;
  like?: Weekday | undefined;
}>;

/**
 * Opening hours of a branch; plain JSON. Days are keyed `YYYY-MM-DD`. A day that is both holiday and make-up
 * day is worked. Treat it as immutable: what is derived from it is kept per object.
 */
export type BusinessCalendar = Readonly<{
  /** IANA name, e.g. `Asia/Shanghai`. */
  timeZone: string;
  /** Spans of each weekday; a weekday without spans is not worked. */
  week: Readonly<Record<Weekday, readonly TimeSpan[]>>;
  /** Day → name of the holiday. */
  holidays: Readonly<Record<string, string>>;
  makeUpDays: Readonly<Record<string, MakeUpDay>>;
}>;

/** A stretch of time, from inclusive, to exclusive. */
export type Interval = Readonly<{ from: Date; to: Date }>;

/** How a working-time clock starts outside hours and how working days are counted. Calendar units start at once. */
export type ClockProfile = Readonly<{
  /** A start on a day that is not worked: same clock time of the next working day, or its opening. */
  nonWorkingDay: 'same-time-next-working-day' | 'next-opening';
  /** A start before the first opening of a working day. */
  beforeOpening: 'keep' | 'opening';
  /** A start at or after the last closing of a working day (asked after `nonWorkingDay` has moved it). */
  afterClosing: 'keep' | 'next-opening';
  /** Working days end at the clock time of the start; otherwise at the closing of the last day. */
  keepTimeOfDay: boolean;
  /** False: only the week counts, holidays and the make-up days that pay for them are ignored. */
  observeHolidays: boolean;
  /** Factor of the allowance as exact text, e.g. a customer grade's `"0.5"`. */
  multiplier?: string | undefined;
}>;

/** The usual clock: everything outside hours rolls to the next opening, days end at closing, holidays are kept. */
export const DEFAULT_CLOCK_PROFILE: ClockProfile = {
  nonWorkingDay: 'next-opening',
  beforeOpening: 'opening',
  afterClosing: 'next-opening',
  keepTimeOfDay: false,
  observeHolidays: true,
};

/** Why a span counted or not. `pause` and `rolled` stand only where the time would have counted without them. */
export type SpanReason =
  'working' | 'calendar' | 'outside-hours' | 'weekend' | 'holiday' | 'make-up-day' | 'pause' | 'rolled';

/** One piece of the explanation of a deadline or a measured time. */
export type ExplainedSpan = Readonly<{
  from: Date;
  to: Date;
  counted: boolean;
  reason: SpanReason;
  /** Milliseconds counted; only on counted spans. */
  amount?: number;
  /** Name of the holiday or make-up day. */
  name?: string;
}>;

/** A deadline: when it is due, when the clock started, and the unbroken list of spans from start to due. */
export type Deadline = Readonly<{ due: Date; startsAt: Date; spans: ExplainedSpan[] }>;

/** A measured time in milliseconds with the unbroken list of spans that explains it. */
export type Measured = Readonly<{ ms: number; spans: ExplainedSpan[] }>;
