import { Injectable } from '@nestjs/common';
import type { EventDefinition } from '@steward/contracts';
import { forbidden } from '@steward/kernel';
import { Commands, requireMatch, rolesAt, type CallContext, type Tx } from '@steward/platform';
import type { TicketDto } from './ticket.dto.js';
import type { Ticket } from './ticket.entity.js';
import { ticketNotFound } from './ticket.errors.js';
import { TicketQueryService } from './ticket-query.service.js';
import { TicketRepository } from './ticket.repository.js';
import { nextState, TRANSITIONS, type TicketAction } from './ticket.rules.js';

/** What an action makes of a ticket: new values, and the fact that they are. */
export type Change = Readonly<{
  patch: Partial<Ticket>;
  definition: EventDefinition;
  data: Record<string, unknown>;
  reason?: string | undefined;
  personal?: readonly (keyof Ticket)[];
  /** when it happened, if not now */
  at?: Date;
}>;

export type Decide = (ticket: Ticket, tx: Tx) => Change | Promise<Change>;

/** One action on one ticket: lock it, ask the rules, store row, trail and event together. */
@Injectable()
export class TicketActionService {
  constructor(
    private readonly repository: TicketRepository,
    private readonly commands: Commands,
    private readonly queries: TicketQueryService,
  ) {}

  /** A request's action: repeated keys get the first answer, a stale version is refused before anything changes. */
  async act(ctx: CallContext, id: string, action: TicketAction, decide: Decide): Promise<TicketDto> {
    return this.commands.execute(ctx, async (tx) => {
      const ticket = await this.locked(tx, id);
      if (ctx.actor.kind !== 'system') {
        this.checkCaller(ctx, ticket, action);
        requireMatch(ctx, ticket.version);
      }
      return this.queries.present(ctx, await this.apply(tx, ctx, ticket, action, decide));
    });
  }

  /** An action as part of another change, in its transaction; the caller has checked who may. */
  async apply(
    tx: Tx,
    ctx: CallContext,
    ticket: Ticket,
    action: TicketAction,
    decide: Decide,
  ): Promise<Ticket> {
    const state = nextState(ticket, action);
    const change = await decide(ticket, tx);
    return this.store(tx, ctx, ticket, action, { ...change, patch: { ...change.patch, state } });
  }

  /** The ticket, locked until the end of the transaction. Throws `ticket.not-found`. */
  async locked(tx: Tx, id: string): Promise<Ticket> {
    const ticket = await this.repository.lock(tx, id);
    if (!ticket) throw ticketNotFound();
    return ticket;
  }

  /** The scope let the caller find it by some role; the action needs one of its own roles over this very record. */
  private checkCaller(ctx: CallContext, ticket: Ticket, action: TicketAction): void {
    if (!rolesAt(ctx, ticket).some((role) => TRANSITIONS[action].roles.includes(role)))
      throw forbidden('ticket.role-missing', `Your roles do not allow the action ${action} on this ticket.`);
  }

  /** Stores a change with its trail and its fact, as the ticket's next version. */
  async store(tx: Tx, ctx: CallContext, ticket: Ticket, action: string, change: Change): Promise<Ticket> {
    const patch = { ...change.patch, version: ticket.version + 1 };
    const entry = {
      branchId: ticket.branchId,
      entity: 'ticket',
      entityId: ticket.id,
      action,
      ...(change.reason === undefined ? {} : { reason: change.reason }),
      changes: changesOf(ticket, patch, change.personal ?? []),
    };
    await this.repository.save(tx, ctx, ticket.id, patch, entry, {
      definition: change.definition,
      aggregateId: ticket.id,
      branchId: ticket.branchId,
      sequence: patch.version,
      occurredAt: change.at ?? ctx.now,
      data: { ticketId: ticket.id, ...change.data },
    });
    return { ...ticket, ...patch };
  }
}

/** Bookkeeping of the row itself, which is not part of the trail. */
const BOOKKEEPING: readonly (keyof Ticket)[] = ['version', 'causeCheck'];

/** The fields that really changed. */
function changesOf(ticket: Ticket, patch: Partial<Ticket>, personal: readonly (keyof Ticket)[]) {
  return (Object.keys(patch) as (keyof Ticket)[])
    .filter(
      (field) =>
        !BOOKKEEPING.includes(field) && JSON.stringify(ticket[field]) !== JSON.stringify(patch[field]),
    )
    .map((field) => ({
      field,
      from: ticket[field],
      to: patch[field],
      ...(personal.includes(field) ? { personOf: ticket.id } : {}),
    }));
}
