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

export const TICKET_POLICIES = [CATEGORY_RESOLVE, ...Object.values(KIND_RESOLVE), INTAKE, CLOCK_PROFILE];

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
