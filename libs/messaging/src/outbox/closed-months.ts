/** Tells whether an instant lies in a month of the branch that is closed. */
export type LateRule = (branchId: string, occurredAt: Date) => boolean;

/** What a service knows of closed months. Asked for every append, so it answers from memory. */
export type ClosedMonths = Readonly<{ lateRule(): Promise<LateRule> }>;

/** Token of `ClosedMonths`; the directory provides it. Without it nothing is late. */
export const CLOSED_MONTHS = Symbol('CLOSED_MONTHS');

/** For a service that hears of no closed months. */
export const NOTHING_CLOSED: ClosedMonths = { lateRule: () => Promise.resolve(() => false) };
