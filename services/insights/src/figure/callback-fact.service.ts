import { Injectable } from '@nestjs/common';
import type { CallbackRecorded, CallbackScheduled, EventEnvelope } from '@steward/contracts';
import type { Tx } from '@steward/platform';
import { generationOfFacts } from '../rebuild/generation-of-facts.js';
import { CallbackFactRepository } from './callback-fact.repository.js';

/** Keeps one fact per callback; figures find it by the ticket, whichever of both comes first. */
@Injectable()
export class CallbackFactService {
  constructor(private readonly repository: CallbackFactRepository) {}

  async expect(tx: Tx, events: readonly EventEnvelope<CallbackScheduled>[]): Promise<void> {
    await this.repository.add(tx, generationOfFacts(tx), events);
  }

  async record(tx: Tx, facts: readonly CallbackRecorded[]): Promise<void> {
    await this.repository.record(tx, generationOfFacts(tx), facts);
  }
}
