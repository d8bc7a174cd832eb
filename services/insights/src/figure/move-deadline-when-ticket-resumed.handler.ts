import { Injectable } from '@nestjs/common';
import { TicketResumed, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { FactService } from './fact.service.js';

@Injectable()
@Handles(TicketResumed, {
  repeat: 'sets the same deadline again',
  late: 'the facts of a ticket come in order; the last deadline stays',
})
export class MoveDeadlineWhenTicketResumed {
  constructor(private readonly facts: FactService) {}

  async handleMany(tx: Tx, events: readonly EventEnvelope<TicketResumed>[]): Promise<void> {
    await this.facts.change(
      tx,
      ['due_at'],
      events.map(({ data }) => ({ ticketId: data.ticketId, due_at: data.dueAt })),
    );
  }
}
