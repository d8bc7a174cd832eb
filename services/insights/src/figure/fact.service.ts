import { Injectable } from '@nestjs/common';
import type { EventEnvelope, TicketRegistered } from '@steward/contracts';
import type { Tx } from '@steward/platform';
import { generationOfFacts } from '../rebuild/generation-of-facts.js';
import { FactRepository, type FactChange, type FactColumn } from './fact.repository.js';

type Reopening = Readonly<{ ticketId: string; at: string; dueAt: string | null }>;

/** Folds ticket events into one fact per ticket: by content only, never by when they arrive (GRP-03). */
@Injectable()
export class FactService {
  constructor(private readonly repository: FactRepository) {}

  async register(tx: Tx, events: readonly EventEnvelope<TicketRegistered>[]): Promise<void> {
    await this.repository.add(tx, generationOfFacts(tx), events);
  }

  /** The work goes on: the end is taken away, and the ticket has been reopened since the first time that it was. */
  async reopen(tx: Tx, reopenings: readonly Reopening[]): Promise<void> {
    await this.change(
      tx,
      ['completed_at', 'first_reopened_at', 'due_at', 'on_time'],
      reopenings.map(({ ticketId, at, dueAt }) => ({
        ticketId,
        completed_at: null,
        first_reopened_at: at,
        due_at: dueAt,
        on_time: null,
      })),
    );
  }

  async change(tx: Tx, columns: readonly FactColumn[], changes: readonly FactChange[]): Promise<void> {
    await this.repository.change(tx, generationOfFacts(tx), columns, changes);
  }
}
