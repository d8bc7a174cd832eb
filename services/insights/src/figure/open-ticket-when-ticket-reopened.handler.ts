import { Injectable } from '@nestjs/common';
import { TicketReopened, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { FactService } from './fact.service.js';

@Injectable()
@Handles(TicketReopened, {
  repeat: 'takes the end away again',
  late: 'the facts of a ticket come in order',
})
export class OpenTicketWhenTicketReopened {
  constructor(private readonly facts: FactService) {}

  async handleMany(tx: Tx, events: readonly EventEnvelope<TicketReopened>[]): Promise<void> {
    await this.facts.reopen(
      tx,
      events.map(({ data: { ticketId, reopenedAt, dueAt } }) => ({ ticketId, at: reopenedAt, dueAt })),
    );
  }
}
