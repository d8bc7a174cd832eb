/** The failed attempts on one login, and the time of the latest. */
export type LoginAttempts = Readonly<{ failures: number; lastAt: Date }>;

/** Either the attempt may be judged, and is counted as a failure until it succeeds, or the caller waits. */
export type LoginDecision = Readonly<{ counted: LoginAttempts }> | Readonly<{ waitSeconds: number }>;

const FREE_ATTEMPTS = 3;
const LONGEST_WAIT_SECONDS = 60;
/** A login without attempts for this long starts anew. */
export const FORGET_AFTER_SECONDS = 900;

const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;

/** How long a login is closed after so many failures in a row: nothing for the first three, then 1, 2, 4 … 60 seconds. */
export function waitAfter(failures: number): number {
  return failures < FREE_ATTEMPTS ? 0 : Math.min(2 ** (failures - FREE_ATTEMPTS), LONGEST_WAIT_SECONDS);
}

/** Decides whether a login may be tried now. An attempt while it is closed is not judged and does not prolong the wait. */
export function decideAttempt(previous: LoginAttempts | undefined, now: Date): LoginDecision {
  const known =
    previous && secondsBetween(previous.lastAt, now) < FORGET_AFTER_SECONDS
      ? previous
      : { failures: 0, lastAt: now };
  const left = waitAfter(known.failures) - secondsBetween(known.lastAt, now);
  return left > 0
    ? { waitSeconds: Math.ceil(left) }
    : { counted: { failures: known.failures + 1, lastAt: now } };
}
