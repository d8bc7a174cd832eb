/** Examples for the API's documentation: one leaking tap, from its intake to the explanation of its deadline. */
const BRANCH = '0197a2c4-5d00-7000-8000-000000000002';
const TICKET = '0197a2c4-5d00-7000-8000-000000000008';

export const TICKET_EXAMPLE = {
  id: TICKET,
  branchId: BRANCH,
  siteId: null,
  number: 'EB1-T-2026-000001',
  kind: 'repair',
  channel: 'hotline',
  categoryCode: 'water-leak',
  priority: 'routine',
  state: 'classified',
  content: 'Water drips from the kitchen ceiling.',
  requesterName: '王晓梅',
  requesterPhone: '+86 21 5555 0100',
  company: null,
  unitText: 'Tower 2, 1203',
  evidence: null,
  witnesses: null,
  preferredTime: 'after six',
  receivedAt: '2026-03-02T01:00:00.000Z',
  registeredAt: '2026-03-02T01:00:00.000Z',
  registeredBy: 'eb1.clerk',
  assigneeId: null,
  assigneeName: null,
  completedAt: null,
  cancelledAt: null,
  outcome: null,
  deadline: {
    dueAt: '2026-03-03T03:30:00.000Z',
    missing: null,
    policy: 'tickets.sla.category.water-leak.resolve',
    policyVersion: 1,
  },
  onTime: null,
  intakeDueAt: '2026-03-03T01:00:00.000Z',
  intakeMetAt: '2026-03-02T01:00:00.000Z',
  pausedUntil: null,
  origin: 'live',
  source: null,
  externalId: null,
  actions: ['classify', 'assign', 'pause', 'complete'],
  version: 1,
};

export const DEADLINE_EXAMPLE = {
  ticketId: TICKET,
  number: 'EB1-T-2026-000001',
  missing: null,
  receivedAt: '2026-03-02T01:00:00.000Z',
  dueAt: '2026-03-02T04:00:00.000Z',
  startsAt: '2026-03-02T01:00:00.000Z',
  basis: {
    policy: 'tickets.sla.category.water-leak.resolve',
    policyVersion: 1,
    policyFrom: 'branch',
    allowance: { amount: 3, unit: 'working-hours' },
    profile: {
      nonWorkingDay: 'next-opening',
      beforeOpening: 'opening',
      afterClosing: 'next-opening',
      keepTimeOfDay: false,
      observeHolidays: true,
    },
    calendar: 'Office hours',
    calendarVersion: 1,
    timeZone: 'Asia/Shanghai',
  },
  spans: [
    {
      from: '2026-03-02T01:00:00.000Z',
      to: '2026-03-02T04:00:00.000Z',
      counted: true,
      reason: 'working',
      minutes: 180,
    },
  ],
};

export const HISTORY_EXAMPLE = {
  items: [
    {
      at: '2026-03-02T01:05:00.000Z',
      actor: 'eb1.manager',
      action: 'cancel',
      reason: 'Registered twice, see EB1-T-2026-000012.',
      changes: [{ field: 'state', from: 'classified', to: 'cancelled' }],
      sealed: true,
    },
  ],
};
