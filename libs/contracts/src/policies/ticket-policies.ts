import {
  DEFAULT_CLOCK_PROFILE,
  definePolicy,
  invalid,
  type ClockProfile,
  type Duration,
  type PolicyDefinition,
} from '@steward/kernel';
import type { TicketKind } from '../tickets/ticket-kind.js';

const LEVELS = ['group', 'region', 'branch'] as const;

/** Allowance until the ticket is done, per category of the branch; more specific than the kind's. */
export const CATEGORY_RESOLVE = definePolicy({
  key: 'tickets.sla.category.{category}.resolve',
  type: 'duration',
  lockable: true,
  levels: LEVELS,
  description: 'Time from receipt until a ticket of this category has to be completed.',
  source: 'S1§3; per category (practice)',
});

const kindPolicy = (kind: TicketKind, source: string, value?: Duration): PolicyDefinition<Duration> =>
  definePolicy({
    key: `tickets.sla.${kind}.resolve`,
    type: 'duration',
    lockable: true,
    levels: LEVELS,
    description: `Time from receipt until a ticket of the kind ${kind} has to be completed, where its category has no allowance.`,
    source,
    ...(value ? { default: value } : {}),
  });

/** TKT-20: a complaint's result is due 3 days after acceptance; the other kinds have no number in the regulations. */
export const KIND_RESOLVE: Readonly<Record<TicketKind, PolicyDefinition<Duration>>> = {
  complaint: kindPolicy('complaint', 'S1§3', { amount: 3, unit: 'calendar-days' }),
  repair: kindPolicy('repair', 'practice'),
  suggestion: kindPolicy('suggestion', 'practice'),
  inquiry: kindPolicy('inquiry', 'practice'),
  'paid-service': kindPolicy('paid-service', 'practice'),
  hazard: kindPolicy('hazard', 'practice'),
  emergency: kindPolicy('emergency', 'practice'),
};

/** TKT-01, TKT-04: within this time a ticket taken in by any unit is with customer service, classified and passed on. */
export const INTAKE = definePolicy({
  key: 'tickets.sla.intake',
  type: 'duration',
  default: { amount: 24, unit: 'calendar-hours' },
  lockable: true,
  levels: LEVELS,
  description: 'Time from receipt until customer service has classified a ticket and passed it on.',
  source: 'S1§3',
});

/** How the clock of ticket deadlines starts outside hours and counts days. */
export const CLOCK_PROFILE = definePolicy({
  key: 'tickets.sla.clock-profile',
  type: 'object',
  default: DEFAULT_CLOCK_PROFILE,
  lockable: true,
  levels: LEVELS,
  description:
    'How a start outside working hours rolls, whether days keep the time of day, whether holidays count.',
  source: 'practice',
  validate: checkProfile,
});

const callbackPolicy = (priority: string, amount: number): PolicyDefinition<Duration> =>
  definePolicy({
    key: `tickets.callback.${priority}`,
    type: 'duration',
    default: { amount, unit: 'calendar-hours' },
    lockable: true,
    levels: LEVELS,
    description: `Time from completion until the customer of a ticket of ${priority} priority has been called back.`,
    source: 'S4§6 二5.4.4–5, 一5.5',
  });

/** TKT-60: by when a customer is called back; emergencies count as urgent. */
export const CALLBACK_DUE = {
  routine: callbackPolicy('routine', 48),
  urgent: callbackPolicy('urgent', 24),
} as const;

const count = (key: string, value: number, max: number, unit: string, description: string, source: string) =>
  definePolicy({
    key,
    type: 'integer',
    unit,
    default: value,
    lockable: true,
    levels: LEVELS,
    description,
    source,
    validate: (given) => {
      const number = given as number;
      if (number < 1 || number > max) throw invalid('policy.invalid-value', `a number from 1 to ${max}`);
      return number;
    },
  });

/** TKT-61: on how many days, and in how many parts of day, before a customer counts as unreachable. */
export const CALLBACK_DAYS = count(
  'tickets.callback.attempt-days',
  3,
  31,
  'days',
  'Different days on which a customer is called before he counts as unreachable.',
  'S2 3.3.6-6',
);
export const CALLBACK_PARTS_OF_DAY = count(
  'tickets.callback.attempt-parts-of-day',
  3,
  3,
  'parts of day',
  'Different parts of day (morning, afternoon, evening) in which a customer is called before he counts as unreachable.',
  'S2 3.3.6-6',
);

/** TKT-64: how many tickets of one unit and category within how many days ask for their common cause. */
export const RECURRENCE_COUNT = count(
  'tickets.recurrence.count',
  3,
  1000,
  'tickets',
  'Tickets of the same property unit and category from which on their cause is to be found.',
  'S4 8.2.5.4; the number is practice',
);
export const RECURRENCE_DAYS = count(
  'tickets.recurrence.days',
  90,
  3660,
  'days',
  'Days within which tickets of the same property unit and category count as one recurrent problem.',
  'S4 8.2.5.4; the number is practice',
);

export const TICKET_POLICIES = [
  CATEGORY_RESOLVE,
  ...Object.values(KIND_RESOLVE),
  INTAKE,
  CLOCK_PROFILE,
  ...Object.values(CALLBACK_DUE),
  CALLBACK_DAYS,
  CALLBACK_PARTS_OF_DAY,
  RECURRENCE_COUNT,
  RECURRENCE_DAYS,
];

const PROFILE_CHOICES = {
  nonWorkingDay: ['same-time-next-working-day', 'next-opening'],
  beforeOpening: ['keep', 'opening'],
  afterClosing: ['keep', 'next-opening'],
} as const;

function checkProfile(value: unknown): ClockProfile {
  const profile = (value ?? {}) as Record<string, unknown>;
  for (const [field, choices] of Object.entries(PROFILE_CHOICES))
    if (!(choices as readonly unknown[]).includes(profile[field]))
      throw invalid('policy.invalid-value', `${field} is one of ${choices.join(', ')}`);
  for (const field of ['keepTimeOfDay', 'observeHolidays'])
    if (typeof profile[field] !== 'boolean')
      throw invalid('policy.invalid-value', `${field} is true or false`);
  return profile as ClockProfile;
}
