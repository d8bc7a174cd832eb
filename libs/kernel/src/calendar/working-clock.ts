import type { OpeningHours } from './opening-hours.js';
import { mustBeInReach } from './opening-hours.js';
import { passUnpaused, pausedWithin, type Stretch } from './pauses.js';

/** Working time of a calendar as a measure: how much lies between two instants, and when an amount has passed. */
export class WorkingClock {
  constructor(
    readonly hours: OpeningHours,
    readonly observe: boolean,
  ) {}

  /** Working milliseconds from one instant to a later one, without those in pauses. */
  measure(from: number, to: number, pauses: readonly Stretch[]): number {
    let sum = 0;
    const lastDay = this.hours.dayOf(to);
    for (let day = this.hours.dayOf(from); day <= lastDay; day++) {
      for (const opening of this.hours.plan(day, this.observe).openings) {
        const start = Math.max(from, this.hours.at(day, opening.from));
        const end = Math.min(to, this.hours.at(day, opening.to));
        if (start < end) sum += end - start - pausedWithin(start, end, pauses);
      }
    }
    return sum;
  }

  /**
   * The earliest instant by which so many working milliseconds outside pauses have passed since `from`;
   * for nothing, `from` itself.
   * @throws DomainError `calendar.out-of-reach`.
   */
  advance(from: number, amount: number, pauses: readonly Stretch[]): number {
    if (amount === 0) return from;
    let left = amount;
    const firstDay = this.hours.dayOf(from);
    for (let day = firstDay; ; day++) {
      mustBeInReach(day, firstDay);
      for (const opening of this.hours.plan(day, this.observe).openings) {
        const start = Math.max(from, this.hours.at(day, opening.from));
        const end = this.hours.at(day, opening.to);
        if (start >= end) continue;
        const worked = end - start - pausedWithin(start, end, pauses);
        if (worked >= left) return passUnpaused(start, left, pauses);
        left -= worked;
      }
    }
  }

  /** First opening of a working day, as an instant. */
  opens(day: number): number {
    return this.hours.at(day, this.hours.plan(day, this.observe).openings[0]!.from);
  }

  /** Last closing of a working day, as an instant. */
  closes(day: number): number {
    return this.hours.at(day, this.hours.plan(day, this.observe).openings.at(-1)!.to);
  }

  /** Whether a day has any opening. */
  works(day: number): boolean {
    return this.hours.plan(day, this.observe).openings.length > 0;
  }

  /** The n-th working day after a day. */
  workingDayAfter(day: number, n: number): number {
    return this.hours.workingDayAfter(day, n, this.observe);
  }
}
