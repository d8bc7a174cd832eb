import { compareQuantity } from '@steward/kernel';
import {
  checkReading,
  type JumpLimits,
  type MeterFacts,
  type ReadingFact,
  type ReadingKind,
  type Suspicion,
} from './reading.rules.js';

/** A reading that stands among those of its meter. */
export type Standing = ReadingFact & Readonly<{ kind: ReadingKind; state: 'accepted' | 'held' | 'voided' }>;

/** Why a reading is not taken at all. */
export type Refusal = 'before-installation' | 'after-removal' | 'too-many-digits' | 'day-ahead' | 'differs';

export type Judged =
  | Readonly<{ outcome: 'same' }>
  | Readonly<{ outcome: 'refused'; why: Refusal }>
  | Readonly<{ outcome: 'taken'; suspect: readonly Suspicion[]; rolledOver: boolean }>;

type MeterOf = MeterFacts & Readonly<{ installedOn: string; removedOn: string | null }>;

/**
 * BIL-06: judges a new reading of a meter against those that stand, in the order of days. An opening reading begins anew.
 * After estimates it is the last actual reading that counts, so that a true reading below an estimate is not backward.
 */
export function judge(
  reading: ReadingFact & Readonly<{ kind: ReadingKind }>,
  standing: readonly Standing[],
  meter: MeterOf,
  limits: JumpLimits,
  today: string,
): Judged {
  const same = standing.find(({ day }) => day === reading.day);
  if (same)
    return compareQuantity(same.value, reading.value) === 0
      ? { outcome: 'same' }
      : { outcome: 'refused', why: 'differs' };
  const why = refusal(reading, meter, today);
  if (why) return { outcome: 'refused', why };
  if (reading.kind === 'opening') return { outcome: 'taken', suspect: [], rolledOver: false };
  const accepted = standing.filter(({ state }) => state === 'accepted');
  const { suspect, consumption } = checkReading(reading, historyOf(reading, accepted), meter, limits);
  const next = accepted.find(({ day }) => day > reading.day);
  const overtakes =
    next !== undefined &&
    next.kind !== 'opening' &&
    meter.digits === null &&
    compareQuantity(reading.value, next.value) > 0;
  return {
    outcome: 'taken',
    suspect: overtakes && !suspect.includes('backward') ? [...suspect, 'backward'] : suspect,
    rolledOver: consumption?.rolledOver ?? false,
  };
}

function refusal({ day, value }: ReadingFact, meter: MeterOf, today: string): Refusal | null {
  if (day > today) return 'day-ahead';
  if (day < meter.installedOn) return 'before-installation';
  if (meter.removedOn !== null && day > meter.removedOn) return 'after-removal';
  if (meter.digits !== null && compareQuantity(value, `1${'0'.repeat(meter.digits)}`) >= 0)
    return 'too-many-digits';
  return null;
}

/** What came before since the register last began, without estimates at the end where an actual reading stands before. */
export function historyOf(reading: { day: string }, accepted: readonly Standing[]): Standing[] {
  const before = accepted.filter(({ day }) => day < reading.day);
  const since = before.slice(Math.max(0, before.map(({ kind }) => kind).lastIndexOf('opening')));
  const lastActual = since.findLastIndex(({ estimated }) => !estimated);
  return lastActual < 0 ? since : since.slice(0, lastActual + 1);
}
