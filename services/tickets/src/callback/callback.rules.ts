import { conflict, toLocalTime, type Role } from '@steward/kernel';

/** Who calls customers back: customer service. */
export const CALLBACK_ROLES: readonly [Role, ...Role[]] = [
  'cs-agent',
  'cs-supervisor',
  'cs-manager',
  'branch-manager',
];

export const PARTS_OF_DAY = ['morning', 'afternoon', 'evening'] as const;
export type PartOfDay = (typeof PARTS_OF_DAY)[number];

export const CALLBACK_STATES = ['due', 'satisfied', 'dissatisfied', 'unreachable'] as const;
export type CallbackState = (typeof CALLBACK_STATES)[number];

/** A call that nobody answered: local day and part of day. */
export type Attempt = Readonly<{ day: string; partOfDay: PartOfDay }>;

/** TKT-61: how often, on different days and parts of day, before a customer counts as unreachable. */
export type ReachPolicy = Readonly<{ days: number; partsOfDay: number }>;

const NOON = '12:00';
const EVENING = '18:00';

/** Where an instant lies in the branch's day. */
export function attemptAt(at: Date, timeZone: string): Attempt {
  const local = toLocalTime(at, timeZone);
  const time = local.slice(11, 16);
  const partOfDay = time < NOON ? 'morning' : time < EVENING ? 'afternoon' : 'evening';
  return { day: local.slice(0, 10), partOfDay };
}

/** TKT-61: whether the attempts lie on enough different days and in enough different parts of day. */
export function isUnreachable(attempts: readonly Attempt[], policy: ReachPolicy): boolean {
  const days = new Set(attempts.map(({ day }) => day));
  const parts = new Set(attempts.map(({ partOfDay }) => partOfDay));
  return days.size >= policy.days && parts.size >= Math.min(policy.partsOfDay, PARTS_OF_DAY.length);
}

/** What is still missing before the customer may be recorded as unreachable; for the screen and the refusal. */
export function missingAttempts(attempts: readonly Attempt[], policy: ReachPolicy) {
  const parts = PARTS_OF_DAY.filter((part) => !attempts.some(({ partOfDay }) => partOfDay === part));
  const wanted = Math.max(0, policy.partsOfDay - (PARTS_OF_DAY.length - parts.length));
  const days = Math.max(0, policy.days - new Set(attempts.map(({ day }) => day)).size);
  return { days, partsOfDay: wanted > 0 ? parts : [] };
}

/** @throws DomainError `callback.done`, `callback.not-tried-enough` (TKT-61: what is missing). */
export function checkResult(
  callback: Readonly<{ state: CallbackState; attempts: readonly Attempt[] }>,
  result: Exclude<CallbackState, 'due'>,
  policy: ReachPolicy,
): void {
  if (callback.state !== 'due')
    throw conflict('callback.done', 'The result of this callback is recorded already.');
  if (result !== 'unreachable' || isUnreachable(callback.attempts, policy)) return;
  const missing = missingAttempts(callback.attempts, policy);
  throw conflict(
    'callback.not-tried-enough',
    `Before a customer counts as unreachable, calls on ${missing.days} more day(s) and in other parts of day are needed.`,
    missing,
  );
}

/** TKT-64: whether a unit has had tickets of one category so often that their cause has to be found. */
export const isRecurrent = (ticketsInWindow: number, threshold: number): boolean =>
  ticketsInWindow >= threshold;
