import { TICKET_KINDS } from '@steward/contracts';
import {
  type CallContext,
  flag,
  instant,
  listQuery,
  type Page,
  pageSchema,
  rolesAt,
} from '@steward/platform';
import { z } from 'zod';
import { QUOTE_STATES } from '../repair/quote.rules.js';
import type { Ticket } from './ticket.entity.js';
import { DEADLINE_EXAMPLE, HISTORY_EXAMPLE, TICKET_EXAMPLE } from './ticket.examples.js';
import {
  ACTIONS,
  allowedActions,
  CHANNELS,
  mayKnowPerson,
  PAYMENTS,
  PRIORITIES,
  TICKET_STATES,
} from './ticket.rules.js';

const id = () => z.uuid();

const deadline = z.object({
  dueAt: instant().nullable(),
  missing: z
    .string()
    .nullable()
    .describe('The parameter that is not set, when there is no deadline (POL-05).'),
  policy: z.string().nullable(),
  policyVersion: z.int().nullable(),
});

export const ticketDto = z
  .object({
    id: id(),
    branchId: id(),
    siteId: id().nullable(),
    number: z.string(),
    kind: z.enum(TICKET_KINDS),
    channel: z.enum(CHANNELS),
    categoryCode: z.string().nullable(),
    priority: z.enum(PRIORITIES),
    state: z.enum(TICKET_STATES),
    content: z.string(),
    customerId: id().nullable(),
    propertyUnitId: id().nullable(),
    requesterName: z.string().nullable(),
    requesterPhone: z.string().nullable(),
    company: z.string().nullable(),
    unitText: z.string().nullable(),
    evidence: z.string().nullable(),
    witnesses: z.string().nullable(),
    preferredTime: z.string().nullable(),
    receivedAt: instant(),
    registeredAt: instant(),
    registeredBy: z.string(),
    assigneeId: id().nullable(),
    assigneeName: z.string().nullable(),
    completedAt: instant().nullable(),
    cancelledAt: instant().nullable(),
    outcome: z.string().nullable(),
    deadline,
    onTime: z.boolean().nullable(),
    intakeDueAt: instant().nullable(),
    intakeMetAt: instant().nullable(),
    pausedUntil: instant().nullable(),
    slipReceivedAt: instant().nullable().describe('When engineering signed for the slip (TKT-40).'),
    quoteState: z.enum(QUOTE_STATES).nullable().describe('Of the latest quote (TKT-43).'),
    signedAt: instant().nullable().describe('When the customer had tried the work and signed (TKT-44).'),
    reworkRounds: z.int().describe('How often the work was done again (TKT-49).'),
    payment: z.enum(PAYMENTS).describe('What billing says of the charges.'),
    rootCauseOf: id().nullable().describe('The ticket whose recurrence this one is to explain (TKT-64).'),
    origin: z.enum(['live', 'import']),
    source: z.string().nullable(),
    externalId: z.string().nullable(),
    actions: z.array(z.enum(ACTIONS)),
    version: z.int(),
  })
  .meta({ id: 'Ticket', examples: [TICKET_EXAMPLE] });
export type TicketDto = z.output<typeof ticketDto>;

export const deadlineDto = z
  .object({
    ticketId: id(),
    number: z.string(),
    dueAt: instant().nullable(),
    missing: z.string().nullable(),
    receivedAt: instant(),
    startsAt: instant().nullable(),
    basis: z
      .object({
        policy: z.string(),
        policyVersion: z.int(),
        policyFrom: z.string(),
        allowance: z.object({ amount: z.number(), unit: z.string() }),
        profile: z.record(z.string(), z.unknown()),
        calendar: z.string(),
        calendarVersion: z.int(),
        timeZone: z.string(),
      })
      .nullable(),
    spans: z.array(
      z.object({
        from: instant(),
        to: instant(),
        counted: z.boolean(),
        reason: z.string(),
        name: z.string().optional(),
        minutes: z.number().optional(),
      }),
    ),
  })
  .meta({ id: 'TicketDeadline', examples: [DEADLINE_EXAMPLE] });
export type DeadlineDto = z.output<typeof deadlineDto>;

export const historyDto = pageSchema(
  z.object({
    at: instant(),
    actor: z.string(),
    action: z.string(),
    reason: z.string().nullable(),
    changes: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })),
    sealed: z.boolean().describe('Chained already; happens within seconds.'),
  }),
).meta({ id: 'TicketHistory', examples: [{ ...HISTORY_EXAMPLE, next: null }] });
export type HistoryDto = Page<z.output<typeof historyDto>['items'][number]>;

export const historyQuery = listQuery({ filters: {}, sorts: ['recorded'], defaultSort: 'recorded' });
export type HistoryQuery = z.output<typeof historyQuery>;

export const ticketsQuery = listQuery({
  filters: {
    branchId: id().optional(),
    siteId: id().optional(),
    state: z.enum(TICKET_STATES).optional(),
    open: flag().optional(),
    kind: z.enum(TICKET_KINDS).optional(),
    categoryCode: z.string().max(100).optional(),
    assigneeId: id().optional(),
    customerId: id().optional().describe('With what was registered for customers merged into this one.'),
    propertyUnitId: id().optional(),
    payment: z.enum(PAYMENTS).optional(),
    number: z.string().max(100).optional().describe('Capital letters need not be typed.'),
    overdueAsOf: instant()
      .optional()
      .describe('Only tickets that were open and past their deadline at this time.'),
    source: z.string().max(100).optional(),
  },
  sorts: ['registeredAt', 'receivedAt', 'dueAt', 'number'],
  defaultSort: '-registeredAt',
});
export type TicketsQuery = z.output<typeof ticketsQuery>;
export const ticketPage = pageSchema(ticketDto).meta({
  id: 'TicketPage',
  examples: [{ items: [TICKET_EXAMPLE], next: null }],
});

const masked = (value: string | null): string | null => value && '***';
const asIs = (value: string | null): string | null => value;
const iso = (at: Date | null): string | null => at && at.toISOString();

/** The ticket as the caller may see it: personal values masked for roles without need (ORG-03), actions it may take now. */
export function toTicketDto(ctx: CallContext, ticket: Ticket, assigneeName: string | null): TicketDto {
  const roles = rolesAt(ctx, ticket);
  return {
    ...filing(ticket),
    ...account(ticket, mayKnowPerson(roles) ? asIs : masked),
    ...course(ticket, assigneeName),
    ...repair(ticket),
    origin: ticket.origin,
    source: ticket.source,
    externalId: ticket.externalId,
    actions: allowedActions(ticket, roles),
    version: ticket.version,
  };
}

/** Where it belongs. */
const filing = (ticket: Ticket) => ({
  id: ticket.id,
  branchId: ticket.branchId,
  siteId: ticket.siteId,
  number: ticket.number,
  kind: ticket.kind,
  channel: ticket.channel,
  categoryCode: ticket.categoryCode,
  priority: ticket.priority,
  state: ticket.state,
  customerId: ticket.customerId,
  propertyUnitId: ticket.propertyUnitId,
});

/** What the customer said, and who that is. */
const account = (ticket: Ticket, personal: (value: string | null) => string | null) => ({
  content: ticket.content,
  requesterName: personal(ticket.requesterName),
  requesterPhone: personal(ticket.requesterPhone),
  company: ticket.company,
  unitText: personal(ticket.unitText),
  evidence: ticket.evidence,
  witnesses: personal(ticket.witnesses),
  preferredTime: ticket.preferredTime,
});

/** What became of it so far, and what is due. */
const course = (ticket: Ticket, assigneeName: string | null) => ({
  receivedAt: ticket.receivedAt.toISOString(),
  registeredAt: ticket.registeredAt.toISOString(),
  registeredBy: ticket.registeredBy,
  assigneeId: ticket.assigneeId,
  assigneeName,
  completedAt: iso(ticket.completedAt),
  cancelledAt: iso(ticket.cancelledAt),
  outcome: ticket.outcome,
  deadline: {
    dueAt: iso(ticket.dueAt),
    missing: ticket.dueMissing,
    policy: ticket.dueBasis?.key ?? null,
    policyVersion: ticket.dueBasis?.policyVersion ?? null,
  },
  onTime: ticket.onTime,
  intakeDueAt: iso(ticket.intakeDueAt),
  intakeMetAt: iso(ticket.intakeMetAt),
  pausedUntil: iso(ticket.resumeAt),
});

/** What a repair has beside that. */
const repair = (ticket: Ticket) => ({
  slipReceivedAt: iso(ticket.slipReceivedAt),
  quoteState: ticket.quoteState,
  signedAt: iso(ticket.signedAt),
  reworkRounds: ticket.reworkRounds,
  payment: ticket.payment,
  rootCauseOf: ticket.rootCauseOf,
});
