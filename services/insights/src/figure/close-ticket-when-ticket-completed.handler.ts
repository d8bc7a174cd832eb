import { Injectable } from '@nestjs/common';
import { TicketCompleted, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { FactService } from './fact.service.js';

@Injectable()
@Handles(TicketCompleted, {
  repeat: 'sets the same end again',
  late: 'the facts of a ticket come in order; figures go by when it was completed',
})
export class CloseTicketWhenTicketCompleted {
  constructor(private readonly facts: FactService) {}

  async handleMany(tx: Tx, events: readonly EventEnvelope<TicketCompleted>[]): Promise<void> {
    await this.facts.change(
      tx,
      ['completed_at', 'first_completed_at', 'due_at', 'on_time'],
      events.map(({ data }) => ({
        ticketId: data.ticketId,
        completed_at: data.completedAt,
        first_completed_at: data.completedAt,
        due_at: data.dueAt,
        on_time: data.onTime,
      })),
    );
  }
}
