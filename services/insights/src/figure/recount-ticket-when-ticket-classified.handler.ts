import { Injectable } from '@nestjs/common';
import { TicketClassified, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { FactService } from './fact.service.js';

@Injectable()
@Handles(TicketClassified, {
  repeat: 'sets the same values again',
  late: 'the facts of a ticket come in order; the last values stay',
})
export class RecountTicketWhenTicketClassified {
  constructor(private readonly facts: FactService) {}

  async handleMany(tx: Tx, events: readonly EventEnvelope<TicketClassified>[]): Promise<void> {
    await this.facts.change(
      tx,
      ['kind', 'category_code', 'due_at', 'due_missing'],
      events.map(({ data }) => ({
        ticketId: data.ticketId,
        kind: data.kind,
        category_code: data.categoryCode,
        due_at: data.dueAt,
        due_missing: data.dueMissing,
      })),
    );
  }
}
