import { Injectable } from '@nestjs/common';
import { ReworkOrdered, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { FactService } from './fact.service.js';

@Injectable()
@Handles(ReworkOrdered, {
  repeat: 'takes the end away again',
  late: 'the facts of a ticket come in order',
})
export class OpenTicketWhenReworkOrdered {
  constructor(private readonly facts: FactService) {}

  async handleMany(tx: Tx, events: readonly EventEnvelope<ReworkOrdered>[]): Promise<void> {
    await this.facts.reopen(
      tx,
      events.map(({ data: { ticketId, orderedAt, dueAt } }) => ({ ticketId, at: orderedAt, dueAt })),
    );
  }
}
