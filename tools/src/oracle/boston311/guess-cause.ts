import { addDuration, type Duration } from '@steward/kernel';
import type { Profile } from './profile.js';

/** The source itself is some seconds early. */
export const TOLERANCE_MS = 6000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A deadline of ours beside the source's. */
export type Pair = Readonly<{ openedAt: Date; targetAt: Date; dueAt: Date }>;

/** Guesses from simple facts why two deadlines differ; undefined when they do not. */
export function guessCause(
  pair: Pair,
  allowance: Duration | undefined,
  profile: Profile,
): string | undefined {
  const lateMs = pair.targetAt.getTime() - pair.dueAt.getTime();
  const byMs = Math.abs(lateMs);
  if (byMs <= TOLERANCE_MS) return undefined;
  const side = lateMs < 0 ? 'early' : 'late';
  if (byMs < MINUTE_MS) return `the source is ${side} by less than a minute`;
  if (byMs <= 2 * MINUTE_MS) return `the source is ${side} by one to two minutes`;
  if (!allowance) return 'the deadline comes from a parameter that is not in the profile';
  const implied = impliedAllowance(pair, allowance.unit, profile);
  if (implied && inWords(implied) === inWords(allowance)) return 'ours is not what the profile says';
  if (implied) return `the source gave ${inWords(implied)} where the profile says ${inWords(allowance)}`;
  const hours = Math.round(byMs / HOUR_MS);
  const whole = hours < 24 && Math.abs(byMs - hours * HOUR_MS) <= TOLERANCE_MS;
  return whole ? `the source is ${hours} h ${side}` : 'unexplained';
}

/** The allowance in days that makes the source's target, in the profile's own unit first. */
function impliedAllowance(
  { openedAt, targetAt }: Pair,
  unit: Duration['unit'],
  { calendar, clock }: Profile,
): Duration | undefined {
  const days = Math.round((targetAt.getTime() - openedAt.getTime()) / DAY_MS);
  const fewest = Math.max(0, Math.floor((days * 5) / 7) - 3);
  for (const each of new Set([unit, 'working-days', 'calendar-days'] as const)) {
    for (let amount = fewest; amount <= days + 1; amount += 1) {
      const { due } = addDuration(openedAt, { amount, unit: each }, calendar.calendar, clock);
      if (Math.abs(due.getTime() - targetAt.getTime()) <= TOLERANCE_MS) return { amount, unit: each };
    }
  }
  return undefined;
}

const inWords = ({ amount, unit }: Duration): string => `${amount} ${unit.replace('-', ' ')}`;
