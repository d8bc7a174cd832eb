import type { ExplainedSpan, SpanReason } from './calendar.js';
import type { Stretch } from './pauses.js';
import type { WorkingClock } from './working-clock.js';

type Part = { from: number; to: number; counted: boolean; reason: SpanReason; name?: string | undefined };

/** Collects parts in order, puts like neighbours together and drops empty ones. */
class Explanation {
  private readonly parts: Part[] = [];

  add(from: number, to: number, counted: boolean, reason: SpanReason, name?: string): void {
    if (from >= to) return;
    const last = this.parts.at(-1);
    if (last && last.reason === reason && last.counted === counted && last.name === name) last.to = to;
    else this.parts.push({ from, to, counted, reason, name });
  }

  /** Adds time that counts, with the pauses in it taken out. */
  addCounted(from: number, to: number, pauses: readonly Stretch[], reason: SpanReason, name?: string): void {
    let at = from;
    for (const pause of pauses) {
      const start = Math.max(at, pause.from);
      const end = Math.min(to, pause.to);
      if (start >= end) continue;
      this.add(at, start, true, reason, name);
      this.add(start, end, false, 'pause');
      at = end;
    }
    this.add(at, to, true, reason, name);
  }

  spans(): ExplainedSpan[] {
    return this.parts.map(({ from, to, counted, reason, name }) => ({
      from: new Date(from),
      to: new Date(to),
      counted,
      reason,
      ...(counted && { amount: to - from }),
      ...(name !== undefined && { name }),
    }));
  }
}

/** Spans of a clock that runs all the time but in pauses. */
export function explainCalendar(from: number, to: number, pauses: readonly Stretch[]): ExplainedSpan[] {
  const explanation = new Explanation();
  explanation.addCounted(from, to, pauses, 'calendar');
  return explanation.spans();
}

/** Spans of a working-time clock that was set off at `from` and started at `startsAt`. */
export function explainWorking(
  from: number,
  startsAt: number,
  to: number,
  clock: WorkingClock,
  pauses: readonly Stretch[],
): ExplainedSpan[] {
  const { hours, observe } = clock;
  const explanation = new Explanation();
  let at = from;
  for (let day = hours.dayOf(from); at < to; day++) {
    const plan = hours.plan(day, observe);
    const { open, closed, name } = plan;
    const closedName = closed === 'holiday' ? name : undefined;
    for (const opening of plan.openings) {
      const opens = Math.min(to, Math.max(at, hours.at(day, opening.from)));
      const closes = Math.min(to, Math.max(opens, hours.at(day, opening.to)));
      const counts = Math.min(closes, Math.max(opens, startsAt));
      explanation.add(at, opens, false, closed, closedName);
      explanation.add(opens, counts, false, 'rolled');
      explanation.addCounted(counts, closes, pauses, open, name);
      at = closes;
    }
    const midnight = Math.min(to, hours.at(day + 1, 0));
    explanation.add(at, midnight, false, closed, closedName);
    at = Math.max(at, midnight);
  }
  return explanation.spans();
}
