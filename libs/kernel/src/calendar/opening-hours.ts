import { invalid, unprocessable } from '../domain-error.js';
import type { BusinessCalendar, MakeUpDay, SpanReason, TimeSpan, Weekday } from './calendar.js';
import { parseLocalDate } from './local-time.js';
import { DAY_MS, LATEST_MS, zoneOf, type Zone } from './zone.js';

/** An opening by the clock on the wall, in milliseconds from midnight. */
export type Opening = Readonly<{ from: number; to: number }>;

/** What one day offers: its openings and how open and closed time is called in an explanation. */
export type DayPlan = Readonly<{
  openings: readonly Opening[];
  open: SpanReason;
  closed: SpanReason;
  name?: string;
}>;

const LAST_DAY = LATEST_MS / DAY_MS - 1;
const TIME = /^([01]\d|2[0-4]):([0-5]\d)$/;
const compiled = new WeakMap<BusinessCalendar, OpeningHours>();

/** A calendar made ready for calculation. Days are numbers: days since 1970-01-01 by the local date. */
export class OpeningHours {
  readonly zone: Zone;
  private readonly week: readonly DayPlan[];
  private readonly exceptions = new Map<number, DayPlan>();

  constructor(calendar: BusinessCalendar) {
    this.zone = zoneOf(calendar.timeZone);
    this.week = ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => weekPlan(calendar.week[weekday]));
    for (const [date, name] of Object.entries(calendar.holidays)) {
      this.exceptions.set(parseLocalDate(date), { openings: [], open: 'working', closed: 'holiday', name });
    }
    for (const [date, day] of Object.entries(calendar.makeUpDays)) {
      this.exceptions.set(parseLocalDate(date), makeUpPlan(calendar, day));
    }
  }

  /** The plan of a day; without `observe` holidays and make-up days do not exist. */
  plan(day: number, observe: boolean): DayPlan {
    const exception = observe ? this.exceptions.get(day) : undefined;
    return exception ?? this.week[weekdayOf(day) - 1]!;
  }

  /** Local day of an instant. */
  dayOf(instant: number): number {
    return Math.floor(this.zone.toLocal(instant) / DAY_MS);
  }

  /** Instant of a time of a day, in milliseconds from its midnight. */
  at(day: number, time: number): number {
    return this.zone.toInstant(day * DAY_MS + time);
  }

  /** The n-th working day after a day. @throws DomainError `calendar.out-of-reach`. */
  workingDayAfter(day: number, n: number, observe: boolean): number {
    let found = day;
    for (let left = n; left > 0;) {
      found += 1;
      mustBeInReach(found, day);
      if (this.plan(found, observe).openings.length > 0) left -= 1;
    }
    return found;
  }
}

/** Opening hours of a calendar, made once per calendar object. @throws DomainError of kind invalid for a bad calendar. */
export function openingHoursOf(calendar: BusinessCalendar): OpeningHours {
  let hours = compiled.get(calendar);
  if (!hours) compiled.set(calendar, (hours = new OpeningHours(calendar)));
  return hours;
}

/** Stops a search that leaves every sensible deadline behind, as with a calendar that never opens. */
export function mustBeInReach(day: number, since: number): void {
  if (day - since > 40_000 || day > LAST_DAY) {
    throw unprocessable(
      'calendar.out-of-reach',
      'The calendar has too little working time for this allowance.',
    );
  }
}

/** Day of the week of a day number; 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): Weekday {
  return (((((day + 3) % 7) + 7) % 7) + 1) as Weekday;
}

/** Openings in order, overlapping or touching ones put together. @throws DomainError `calendar.invalid-span`. */
export function toOpenings(spans: readonly TimeSpan[]): Opening[] {
  const openings: { from: number; to: number }[] = [];
  for (const span of spans.map(toOpening).sort((a, b) => a.from - b.from)) {
    const last = openings.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else openings.push({ ...span });
  }
  return openings;
}

function toOpening(span: TimeSpan): Opening {
  const opening = { from: timeOfDay(span.from), to: timeOfDay(span.to) };
  if (opening.from < opening.to) return opening;
  throw invalid('calendar.invalid-span', `The span ${span.from}–${span.to} does not end after its start.`);
}

function timeOfDay(text: string): number {
  const match = TIME.exec(text);
  const time = match ? (Number(match[1]) * 60 + Number(match[2])) * 60_000 : Infinity;
  if (time <= DAY_MS) return time;
  throw invalid('calendar.invalid-span', `"${text.slice(0, 20)}" is not a time of day from 00:00 to 24:00.`);
}

function weekPlan(spans: readonly TimeSpan[]): DayPlan {
  const openings = toOpenings(spans);
  return { openings, open: 'working', closed: openings.length > 0 ? 'outside-hours' : 'weekend' };
}

function makeUpPlan(calendar: BusinessCalendar, day: MakeUpDay): DayPlan {
  const openings = toOpenings(day.spans ?? calendar.week[day.like ?? 1]);
  return { openings, open: 'make-up-day', closed: 'outside-hours', name: day.name };
}
