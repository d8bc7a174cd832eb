import { Injectable } from '@nestjs/common';
import { TicketCancelled, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { FactService } from './fact.service.js';

@Injectable()
@Handles(TicketCancelled, {
  repeat: 'sets the same end again',
  late: 'the facts of a ticket come in order; figures go by when it was cancelled',
})
export class CloseTicketWhenTicketCancelled {
  constructor(private readonly facts: FactService) {}

  async handleMany(tx: Tx, events: readonly EventEnvelope<TicketCancelled>[]): Promise<void> {
    await this.facts.change(
      tx,
      ['cancelled_at'],
      events.map(({ data }) => ({ ticketId: data.ticketId, cancelled_at: data.cancelledAt })),
    );
  }
}
