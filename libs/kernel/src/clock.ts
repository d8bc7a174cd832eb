/** The only source of "now": services get it injected, rules get the instant passed in. */
export type Clock = Readonly<{
  /** The present instant; each call gives a new `Date`. */
  now(): Date;
}>;

/** A clock that tests move by hand. */
export type FixedClock = Clock &
  Readonly<{
    /** Moves the clock forward (or back, when negative) by milliseconds. */
    advance(ms: number): void;
    /** Puts the clock to an instant. */
    set(at: Date): void;
  }>;

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still at `at` until `advance` or `set` moves it. */
export function fixedClock(at: Date): FixedClock {
  let current = at.getTime();
  return {
    now: () => new Date(current),
    advance: (ms) => {
      current += ms;
    },
    set: (next) => {
      current = next.getTime();
    },
  };
}
