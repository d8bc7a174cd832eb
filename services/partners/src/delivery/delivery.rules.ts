import type { LoggedEvent } from '../log/partner-event.js';

/** What came of one request. `status` is null when there was no answer; `error` then says why. */
export type Answer = Readonly<{
  status: number | null;
  error: string | null;
  /** Milliseconds to wait, as the partner asked by `Retry-After`. */
  retryAfterMs: number | null;
  tookMs: number;
  answer: string | null;
}>;

/**
 * What an answer means: `taken`; `refused`: this event as such, so it is parked with its aggregate's later events;
 * `unreachable`: the endpoint, so everything waits; `gone`: nobody is there any more (410).
 */
export type Verdict = 'taken' | 'refused' | 'unreachable' | 'gone';

/** Judges an answer (PTR-03). A redirect is not followed: the address is wrong, whatever the event. */
export function verdictOf({ status }: Pick<Answer, 'status'>): Verdict {
  if (status === null || status < 200 || (status >= 300 && status < 400) || status >= 500)
    return 'unreachable';
  if (status < 300) return 'taken';
  if (status === 410) return 'gone';
  return status === 429 ? 'unreachable' : 'refused';
}

const SECOND_MS = 1000;
const LONGEST_ASKED_MS = 24 * 3600 * SECOND_MS;

/** Milliseconds that a `Retry-After` header asks for (seconds or a date), a day at most; null without a usable one. */
export function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * SECOND_MS : Date.parse(text) - now;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, LONGEST_ASKED_MS) : null;
}

/**
 * Milliseconds from the nth failure in a row (from 1) until the next probe: as the list says, its last entry repeating,
 * spread by up to a fifth by `chance` (0 to 1) so that endpoints do not come back all at once; never sooner than asked.
 */
export function pauseAfter(
  failures: number,
  list: readonly number[],
  chance: number,
  askedMs: number | null,
): number {
  const base = list[Math.min(failures, list.length) - 1] ?? 0;
  return Math.max(Math.round(base * (1 + chance / 5)), askedMs ?? 0);
}

/** How a subscription stands after a round: everything up to `position` is done with, and beyond it what is in `ahead`. */
export type Progress = Readonly<{ position: number; ahead: readonly number[] }>;

/**
 * Moves a cursor over a window that ends at `upTo`: to just before the first event that is not done with, or to its
 * end. Events that were done beyond it are remembered, so that they are not sent again (PTR-03).
 */
export function progressOver(
  pending: readonly Pick<LoggedEvent, 'position'>[],
  isDone: (position: number) => boolean,
  upTo: number,
  known: readonly number[],
): Progress {
  const first = pending.find(({ position }) => !isDone(position));
  if (!first) return { position: upTo, ahead: known.filter((position) => position > upTo) };
  const beyond = pending
    .map(({ position }) => position)
    .filter((position) => position > first.position && isDone(position));
  const ahead = [...new Set([...known.filter((position) => position > first.position), ...beyond])];
  return { position: first.position - 1, ahead: ahead.sort((a, b) => a - b) };
}

/** Events by aggregate, each in order: what may be sent side by side (PTR-03: order is kept per aggregate). */
export function chainsOf<E extends Pick<LoggedEvent, 'aggregateId'>>(events: readonly E[]): E[][] {
  return [...Map.groupBy(events, ({ aggregateId }) => aggregateId).values()];
}
