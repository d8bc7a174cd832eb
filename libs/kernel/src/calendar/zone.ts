import { Temporal } from 'temporal-polyfill';
import { invalid } from '../domain-error.js';

/** A stretch of instants with one offset from UTC; all in milliseconds. */
type Period = Readonly<{ from: number; to: number; offset: number }>;

/** Milliseconds of a civil day without a change of clock. */
export const DAY_MS = 86_400_000;

/** End of the year 9999: later instants have no four-digit date. */
export const LATEST_MS = Date.UTC(10_000, 0, 1);

const EARLIEST_MS = Date.parse('0001-01-01T00:00:00Z');

// No two zones differ by more than 26 hours, so a local time this far inside a period has one reading only.
const SAFE_MS = 26 * 3_600_000;
const zones = new Map<string, Zone>();

/**
 * A time zone with its changes of clock. Local times are numbers: milliseconds since 1970-01-01T00:00 on the wall.
 * Periods are asked from Temporal once each and kept, because a deadline needs dozens of conversions.
 */
export class Zone {
  private readonly periods: Period[] = [];
  private last: Period;

  constructor(readonly id: string) {
    this.last = this.ask(0);
  }

  /** Wall-clock time of an instant. */
  toLocal(instant: number): number {
    return instant + this.periodAt(instant).offset;
  }

  /**
   * Instant of a wall-clock time. A time that occurs twice (clock put back) is the first of both; a time that is
   * skipped (clock put forward) is the moment of the change, so that later times never give earlier instants.
   */
  toInstant(local: number): number {
    const near = this.last;
    const guess = local - near.offset;
    if (guess - SAFE_MS >= near.from && guess + SAFE_MS < near.to) return guess;
    const before = this.periodAt(local - SAFE_MS).offset;
    const after = this.periodAt(local + SAFE_MS).offset;
    const first = local - before;
    if (this.periodAt(first).offset === before) return first;
    const second = local - after;
    const there = this.periodAt(second);
    return there.offset === after ? second : there.to;
  }

  private periodAt(instant: number): Period {
    if (instant >= this.last.from && instant < this.last.to) return this.last;
    const known = this.periods.find((period) => instant >= period.from && instant < period.to);
    return (this.last = known ?? this.ask(instant));
  }

  private ask(instant: number): Period {
    const at = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(this.id);
    const here = at(instant);
    // "previous" is strictly before its start, so ask one millisecond later to keep a change at this very instant.
    const period = {
      from: at(instant + 1).getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity,
      to: here.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity,
      offset: here.offsetNanoseconds / 1e6,
    };
    this.periods.push(period);
    return period;
  }
}

/** The zone of an IANA name, kept for the life of the process. @throws DomainError `calendar.unknown-time-zone`. */
export function zoneOf(id: string): Zone {
  const zone = zones.get(id) ?? openZone(id);
  zones.set(id, zone);
  return zone;
}

function openZone(id: string): Zone {
  try {
    // Temporal takes bare offsets (`+08:00`) too; a branch needs a place, with its changes of clock.
    if (/^[A-Za-z]/.test(id)) return new Zone(id);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw invalid(
    'calendar.unknown-time-zone',
    `"${id.slice(0, 60)}" is not a time zone of the IANA database.`,
  );
}

/** Milliseconds of a Date. @throws DomainError `calendar.invalid-date` for an invalid one or a year not in 1 to 9999. */
export function instantOf(date: Date): number {
  const ms = date.getTime();
  if (ms >= EARLIEST_MS && ms < LATEST_MS) return ms;
  throw invalid('calendar.invalid-date', 'A valid point in time in the years 1 to 9999 is expected.');
}
