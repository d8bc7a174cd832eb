import { Injectable } from '@nestjs/common';
import type { EventEnvelope, TicketRegistered } from '@steward/contracts';
import { generationOf } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { FactRepository, type FactChange, type FactColumn } from './fact.repository.js';

/** The first build of the read model; later ones come from rebuilds. */
export const FIRST_GENERATION = 1;

/** Folds ticket events into one fact per ticket: by content only, never by when they arrive (GRP-03). */
@Injectable()
export class FactService {
  constructor(private readonly repository: FactRepository) {}

  async register(tx: Tx, events: readonly EventEnvelope<TicketRegistered>[]): Promise<void> {
    await this.repository.add(tx, generation(tx), events);
  }

  async change(tx: Tx, columns: readonly FactColumn[], changes: readonly FactChange[]): Promise<void> {
    await this.repository.change(tx, generation(tx), columns, changes);
  }
}

const generation = (tx: Tx): number => generationOf(tx) ?? FIRST_GENERATION;
