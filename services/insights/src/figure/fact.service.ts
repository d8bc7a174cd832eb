import { Injectable } from '@nestjs/common';
import type { EventEnvelope, TicketRegistered } from '@steward/contracts';
import type { Tx } from '@steward/platform';
import { generationOfFacts } from '../rebuild/generation-of-facts.js';
import { FactRepository, type FactChange, type FactColumn } from './fact.repository.js';

/** Folds ticket events into one fact per ticket: by content only, never by when they arrive (GRP-03). */
@Injectable()
export class FactService {
  constructor(private readonly repository: FactRepository) {}

  async register(tx: Tx, events: readonly EventEnvelope<TicketRegistered>[]): Promise<void> {
    await this.repository.add(tx, generationOfFacts(tx), events);
  }

  async change(tx: Tx, columns: readonly FactColumn[], changes: readonly FactChange[]): Promise<void> {
    await this.repository.change(tx, generationOfFacts(tx), columns, changes);
  }
}
