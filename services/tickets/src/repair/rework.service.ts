import { Injectable } from '@nestjs/common';
import { ReworkOrdered } from '@steward/contracts';
import type { CallContext, Tx } from '@steward/platform';
import { TicketActionService, type Change } from '../ticket/ticket-action.service.js';
import type { Ticket } from '../ticket/ticket.entity.js';
import { UNDONE } from '../ticket/ticket.rules.js';
import { reopened } from '../ticket/ticket.service.js';
import { isRepair } from './repair.rules.js';

/** TKT-49: what happens to the work of a customer who is not satisfied. */
@Injectable()
export class ReworkService {
  constructor(private readonly actions: TicketActionService) {}

  /** A further round on the same ticket: the slip goes to engineering again, what was charged is not charged twice. */
  change(ctx: CallContext, ticket: Ticket, reason: string): Change {
    const reworkRounds = ticket.reworkRounds + 1;
    return {
      patch: { ...UNDONE, reworkRounds },
      definition: ReworkOrdered,
      data: {
        round: reworkRounds,
        orderedAt: ctx.now.toISOString(),
        dueAt: ticket.dueAt?.toISOString() ?? null,
      },
      reason,
      personal: ['outcome', 'signedBy'],
    };
  }

  /** As part of another change: repairs are done again, other tickets opened again. */
  async order(tx: Tx, ctx: CallContext, ticket: Ticket, reason: string): Promise<void> {
    if (isRepair(ticket.kind))
      await this.actions.apply(tx, ctx, ticket, 'rework', () => this.change(ctx, ticket, reason));
    else await this.actions.apply(tx, ctx, ticket, 'reopen', () => ({ ...reopened(ctx, ticket), reason }));
  }
}
