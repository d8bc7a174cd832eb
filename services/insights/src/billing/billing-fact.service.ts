import { Injectable } from '@nestjs/common';
import type { EventEnvelope } from '@steward/contracts';
import type { MoneyJson } from '@steward/kernel';
import type { Tx } from '@steward/platform';
import { generationOfFacts } from '../rebuild/generation-of-facts.js';
import { BillingFactRepository, type BillingFact } from './billing-fact.repository.js';

/** Keeps one fact per billing event: by content only, never by when it arrives (GRP-03). */
@Injectable()
export class BillingFactService {
  constructor(private readonly repository: BillingFactRepository) {}

  async keep<T>(
    tx: Tx,
    events: readonly EventEnvelope<T>[],
    factOf: (data: T) => BillingFact,
  ): Promise<void> {
    const facts = events.map((event) => ({ event, fact: factOf(event.data) }));
    await this.repository.add(tx, generationOfFacts(tx), facts);
  }
}

/** The amount taken back: with the other sign. */
export const takenBack = ({ amount, currency }: MoneyJson): MoneyJson => ({
  amount: amount.startsWith('-') ? amount.slice(1) : `-${amount}`,
  currency,
});
