import { conflict, type Role } from '@steward/kernel';
import type { TicketKind } from '@steward/contracts';
import { repairRefusal, type RepairFacts } from '../repair/repair.rules.js';

/** How a ticket may come in: hotline, front desk, visit, letter, web or app, another unit, headquarters, authority. */
export const CHANNELS = [
  'hotline',
  'front-desk',
  'visit',
  'letter',
  'web',
  'app',
  'sales-office',
  'department',
  'headquarters',
  'authority',
] as const;
export type Channel = (typeof CHANNELS)[number];

export const PRIORITIES = ['routine', 'urgent', 'emergency'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const TICKET_STATES = [
  'registered',
  'classified',
  'assigned',
  'in-progress',
  'waiting',
  'completed',
  'cancelled',
] as const;
export type TicketState = (typeof TICKET_STATES)[number];

/** TKT-27: why the clock may stop. Every pause has one of these reasons and ends by itself. */
export const PAUSE_REASONS = [
  'waiting-for-customer',
  'appointment-agreed',
  'no-access',
  'waiting-for-authority',
] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** A pause ends by itself within a year (TKT-27); what has to wait longer is not being worked on. */
export const MAX_PAUSE_MS = 366 * 86_400_000;

/** A stop of the clock; `until` is when it ends by itself, or ended when somebody resumed before. */
export type Pause = { from: string; until: string; reason: PauseReason };

/** What billing says of the ticket's charges: nothing to pay, nothing paid yet, part of it, all (FLW-01). */
export const PAYMENTS = ['none', 'due', 'partly', 'paid'] as const;
export type Payment = (typeof PAYMENTS)[number];

export const ACTIONS = [
  'amend',
  'classify',
  'assign',
  'receive-slip',
  'quote',
  'accept-quote',
  'decline-quote',
  'start',
  'pause',
  'resume',
  'complete',
  'sign',
  'rework',
  'reopen',
  'cancel',
] as const;
export type TicketAction = (typeof ACTIONS)[number];

/** What the rules read of a ticket; the stored row has it all. */
export type TicketFacts = RepairFacts & Readonly<{ state: TicketState; resumeTo: TicketState | null }>;

type Step = Readonly<{
  from: readonly TicketState[];
  to: TicketState | 'same' | 'before' | 'again';
  roles: readonly [Role, ...Role[]];
}>;

const CUSTOMER_SERVICE = ['cs-agent', 'cs-supervisor', 'cs-manager', 'branch-manager'] as const;
const WORKERS = [...CUSTOMER_SERVICE, 'engineer', 'engineering-supervisor', 'team-lead'] as const;
const ENGINEERING = ['engineer', 'engineering-supervisor', 'team-lead'] as const;
const OPEN = ['registered', 'classified', 'assigned', 'in-progress', 'waiting'] as const;

/** TKT-01: any unit must accept any ticket, so every role of the staff may register one. */
export const REGISTER_ROLES: readonly [Role, ...Role[]] = [
  ...WORKERS,
  'front-desk',
  'security',
  'cashier',
  'accountant',
  'account-manager',
  'safety-inspector',
  'driver',
  'fleet-lead',
  'general-manager',
  'hr',
  'hq-admin',
];

export const READ_ROLES: readonly [Role, ...Role[]] = [...REGISTER_ROLES, 'auditor', 'hq-auditor'];

/** The transition table: from which states an action leads where, and who may take it. */
export const TRANSITIONS: Readonly<Record<TicketAction, Step>> = {
  amend: { from: [...OPEN, 'completed'], to: 'same', roles: [...WORKERS, 'front-desk'] },
  classify: {
    from: ['registered', 'classified', 'assigned', 'in-progress'],
    to: 'same',
    roles: CUSTOMER_SERVICE,
  },
  assign: {
    from: ['classified', 'assigned', 'in-progress'],
    to: 'assigned',
    roles: [...CUSTOMER_SERVICE, 'engineering-supervisor', 'team-lead'],
  },
  'receive-slip': { from: ['classified', 'assigned'], to: 'same', roles: ENGINEERING },
  quote: {
    from: ['classified', 'assigned'],
    to: 'same',
    roles: [...CUSTOMER_SERVICE, 'engineer', 'engineering-supervisor'],
  },
  'accept-quote': { from: ['classified', 'assigned', 'waiting'], to: 'same', roles: WORKERS },
  'decline-quote': { from: ['classified', 'assigned', 'waiting'], to: 'same', roles: WORKERS },
  start: { from: ['assigned'], to: 'in-progress', roles: WORKERS },
  pause: { from: ['classified', 'assigned', 'in-progress'], to: 'waiting', roles: WORKERS },
  resume: { from: ['waiting'], to: 'before', roles: WORKERS },
  complete: { from: ['classified', 'assigned', 'in-progress'], to: 'completed', roles: WORKERS },
  sign: { from: ['completed'], to: 'same', roles: WORKERS },
  rework: { from: ['completed'], to: 'again', roles: [...CUSTOMER_SERVICE, 'engineering-supervisor'] },
  reopen: { from: ['completed'], to: 'classified', roles: CUSTOMER_SERVICE },
  cancel: { from: OPEN, to: 'cancelled', roles: ['cs-supervisor', 'cs-manager', 'branch-manager'] },
};

const isPossible = (ticket: TicketFacts, action: TicketAction): boolean =>
  TRANSITIONS[action].from.includes(ticket.state) && repairRefusal(ticket, action) === undefined;

/**
 * Where an action leads from the ticket's present state. Throws `ticket.action-not-allowed` naming what is allowed, or
 * what the rules of repairs say against it.
 */
export function nextState(ticket: TicketFacts, action: TicketAction): TicketState {
  const step = TRANSITIONS[action];
  if (!step.from.includes(ticket.state)) {
    const possible = ACTIONS.filter((name) => isPossible(ticket, name));
    throw conflict(
      'ticket.action-not-allowed',
      `A ticket that is ${ticket.state} cannot take the action ${action}. Possible: ${possible.join(', ') || 'none'}.`,
      { state: ticket.state, action, possible },
    );
  }
  const refusal = repairRefusal(ticket, action);
  if (refusal) throw refusal;
  if (step.to === 'again') return ticket.assigneeId === null ? 'classified' : 'assigned';
  if (step.to === 'before') return ticket.resumeTo ?? 'classified';
  if (step.to !== 'same') return step.to;
  return ticket.state === 'registered' && action === 'classify' ? 'classified' : ticket.state;
}

/** The actions that someone with these roles may take on the ticket now. */
export function allowedActions(ticket: TicketFacts, roles: readonly Role[]): TicketAction[] {
  return ACTIONS.filter(
    (action) => TRANSITIONS[action].roles.some((role) => roles.includes(role)) && isPossible(ticket, action),
  );
}

/**
 * TKT-01, TKT-04: customer service files what it takes in itself; what another unit takes in waits to be classified.
 */
export function stateAtIntake(categoryCode: string | null, roles: readonly Role[]): TicketState {
  const byCustomerService = roles.some((role) => (CUSTOMER_SERVICE as readonly Role[]).includes(role));
  return categoryCode !== null && byCustomerService ? 'classified' : 'registered';
}

/** Whether somebody with these roles may be put in charge of a ticket. */
export const isWorker = (roles: readonly Role[]): boolean =>
  roles.some((role) => (WORKERS as readonly Role[]).includes(role));

/** ORG-03: who needs the customer's name and phone for the work; the others see that there is one. */
export function mayKnowPerson(roles: readonly Role[]): boolean {
  return roles.some((role) =>
    ([...WORKERS, 'front-desk', 'account-manager'] as readonly Role[]).includes(role),
  );
}

/** The branch's form code in ticket numbers (ORG-05). */
export const TICKET_FORM = 'T';

export const isOpen = (state: TicketState): boolean => (OPEN as readonly TicketState[]).includes(state);

/** What intake decides of a kind's priority when nobody says otherwise. */
export const defaultPriority = (kind: TicketKind): Priority =>
  kind === 'emergency' ? 'emergency' : 'routine';

/** TKT-64: only what has a unit and a category can be seen to recur. */
export const mayRecur = (ticket: { propertyUnitId: string | null; categoryCode: string | null }): boolean =>
  ticket.propertyUnitId !== null && ticket.categoryCode !== null;

/** What goes when a completed ticket is opened again: engineering takes the slip anew, the customer signs anew. */
export const UNDONE = {
  completedAt: null,
  outcome: null,
  onTime: null,
  slipReceivedAt: null,
  slipReceivedBy: null,
  signedAt: null,
  signedBy: null,
} as const;
