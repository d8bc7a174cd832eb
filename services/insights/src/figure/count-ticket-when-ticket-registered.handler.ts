import { Injectable } from '@nestjs/common';
import { TicketRegistered, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { FactService } from './fact.service.js';

@Injectable()
@Handles(TicketRegistered, {
  repeat: 'a known ticket is left as it is',
  late: 'the facts of a ticket come in order, so it is the first',
})
export class CountTicketWhenTicketRegistered {
  constructor(private readonly facts: FactService) {}

  async handleMany(tx: Tx, events: readonly EventEnvelope<TicketRegistered>[]): Promise<void> {
    await this.facts.register(tx, events);
  }
}
