import { conflict, type DomainError, type Role } from '@steward/kernel';
import type { TicketKind } from '@steward/contracts';
import { startRefusal, type QuoteState } from './quote.rules.js';

/** What the rules of repairs read of a ticket. */
export type RepairFacts = Readonly<{
  kind: TicketKind;
  assigneeId: string | null;
  customerId: string | null;
  slipReceivedAt: Date | null;
  quoteState: QuoteState | null;
  signedAt: Date | null;
  chargedAt: Date | null;
  reworkRounds: number;
}>;

/** Kinds with a slip, a quote and a signature; the others know none of these and go on as ever. */
const REPAIR_KINDS: readonly TicketKind[] = ['repair', 'paid-service', 'hazard', 'emergency'];

/** Who may say that quoted work is free: in warranty, or out of goodwill. */
export const FREE_ROLES: readonly Role[] = [
  'cs-supervisor',
  'cs-manager',
  'branch-manager',
  'engineering-supervisor',
];

export const isRepair = (kind: TicketKind): boolean => REPAIR_KINDS.includes(kind);

export const customerMissing = (): DomainError =>
  conflict(
    'ticket.customer-missing',
    'Charged work needs to know whom it is charged to: set the customer of the ticket first.',
  );

type Rule = (ticket: RepairFacts) => DomainError | undefined;

const repairOnly: Rule = ({ kind }) =>
  isRepair(kind)
    ? undefined
    : conflict('ticket.no-repair', `A ticket of the kind ${kind} has no slip, quote or signature.`);

const openQuote: Rule = ({ quoteState }) =>
  quoteState === 'given'
    ? undefined
    : conflict('ticket.no-open-quote', 'No quote waits for the customer’s answer.');

const answered: Rule = ({ quoteState }) => startRefusal(quoteState);

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  'receive-slip': [
    repairOnly,
    ({ slipReceivedAt }) =>
      slipReceivedAt ? conflict('ticket.slip-received', 'Engineering has signed for this slip.') : undefined,
  ],
  quote: [
    repairOnly,
    ({ kind, slipReceivedAt }) =>
      kind === 'paid-service' || slipReceivedAt
        ? undefined
        : conflict('ticket.slip-missing', 'Engineering signs for the slip before it quotes (TKT-40).'),
    ({ chargedAt, reworkRounds }) =>
      chargedAt && reworkRounds > 0
        ? conflict('ticket.rework-free', 'Work that was charged is done again free of charge (TKT-49).')
        : undefined,
  ],
  'accept-quote': [openQuote, ({ customerId }) => (customerId ? undefined : customerMissing())],
  'decline-quote': [openQuote],
  start: [answered],
  complete: [answered],
  sign: [
    repairOnly,
    ({ signedAt }) =>
      signedAt ? conflict('ticket.signed', 'The customer has signed for this work.') : undefined,
  ],
  rework: [repairOnly],
};

/** What the rules of repairs say against an action (TKT-40, TKT-43, TKT-44, TKT-49); undefined when nothing. */
export function repairRefusal(ticket: RepairFacts, action: string): DomainError | undefined {
  for (const rule of RULES[action] ?? []) {
    const refusal = rule(ticket);
    if (refusal) return refusal;
  }
  return undefined;
}
