import { compareQuantity, definePolicy, invalid, parseQuantity } from '@steward/kernel';

/** When the use between two readings is a jump: beyond so many times, or below such a share of, the median before. */
export type ReadingJump = Readonly<{ above: string; below: string; of: number }>;

const DEFAULT_JUMP: ReadingJump = { above: '3', below: '0.333333', of: 6 };

/** BIL-06: a reading whose use per day is a jump is held until somebody has looked at it. */
export const READING_JUMP = definePolicy({
  key: 'billing.reading.jump',
  type: 'object',
  default: DEFAULT_JUMP,
  lockable: true,
  levels: ['group', 'region', 'branch'],
  description:
    'A use per day of more than `above` times or less than `below` times the median of the last `of` is a jump.',
  source: 'S1§4; the numbers are practice',
  validate: checkJump,
});

/** BIL-07: how long a customer has to pay. */
export const DUE_DAYS = definePolicy({
  key: 'billing.due-days',
  type: 'integer',
  unit: 'days',
  default: 15,
  lockable: true,
  levels: ['group', 'region', 'branch'],
  description: 'Days from the day on which something is charged until it is due.',
  source: 'practice',
  validate: (value) => {
    const days = value as number;
    if (days < 0 || days > 366) throw invalid('policy.invalid-value', 'from 0 to 366 days');
    return days;
  },
});

export const BILLING_POLICIES = [READING_JUMP, DUE_DAYS];

function checkJump(value: unknown): ReadingJump {
  const { above, below, of } = (value ?? {}) as Record<string, unknown>;
  if (typeof above !== 'string' || typeof below !== 'string' || !Number.isInteger(of))
    throw invalid('policy.invalid-value', 'above and below are decimals as text, of is a whole number');
  if (compareQuantity(parseQuantity(above), 1) <= 0 || compareQuantity(parseQuantity(below), 1) >= 0)
    throw invalid('policy.invalid-value', 'above is more than 1, below is less');
  if ((of as number) < 3 || (of as number) > 36)
    throw invalid('policy.invalid-value', 'of is between 3 and 36');
  return { above, below, of: of as number };
}
