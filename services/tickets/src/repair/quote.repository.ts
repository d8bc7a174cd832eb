import { Injectable } from '@nestjs/common';
import type { Tx } from '@steward/platform';
import type { QuoteLine, QuoteState } from './quote.rules.js';

export type OwnMaterial = Readonly<{ description: string; fit: boolean }>;

/** A quote as it was given, and what became of it. */
export type StoredQuote = Readonly<{
  id: string;
  branchId: string;
  siteId: string | null;
  ticketId: string;
  state: QuoteState;
  totalMinor: string;
  currency: string;
  lines: readonly QuoteLine[];
  ownMaterials: readonly OwnMaterial[];
  givenAt: Date;
  givenBy: string;
  answeredAt: Date | null;
  answeredBy: string | null;
  answerNote: string | null;
  chargedAt: Date | null;
}>;

const COLUMNS = `id, branch_id "branchId", site_id "siteId", ticket_id "ticketId", state, total_minor "totalMinor",
  currency, lines, own_materials "ownMaterials", given_at "givenAt", given_by "givenBy", answered_at "answeredAt",
  answered_by "answeredBy", answer_note "answerNote", charged_at "chargedAt"`;

/** All SQL of quotes. Their ticket is locked by whoever changes them. */
@Injectable()
export class QuoteRepository {
  /** The quotes of a ticket, the oldest first. */
  async of(tx: Tx, ticketId: string): Promise<StoredQuote[]> {
    return tx.query<StoredQuote>(`select ${COLUMNS} from quote where ticket_id = $1 order by given_at, id`, [
      ticketId,
    ]);
  }

  /** Stores a new quote; one that the customer has not answered yet is replaced by it. */
  async give(tx: Tx, quote: StoredQuote): Promise<void> {
    await tx.query(`update quote set state = 'replaced' where ticket_id = $1 and state = 'given'`, [
      quote.ticketId,
    ]);
    await tx.query(
      `insert into quote (id, branch_id, site_id, ticket_id, state, total_minor, currency, lines, own_materials, given_at, given_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...[quote.id, quote.branchId, quote.siteId, quote.ticketId, quote.state, quote.totalMinor],
        ...[quote.currency, JSON.stringify(quote.lines), JSON.stringify(quote.ownMaterials)],
        ...[quote.givenAt, quote.givenBy],
      ],
    );
  }

  /** Keeps the customer's answer to the open quote; gives its id. */
  async answer(
    tx: Tx,
    ticketId: string,
    answer: Readonly<{ state: 'accepted' | 'declined'; at: Date; by: string; note: string | null }>,
  ): Promise<string> {
    const rows = await tx.query<{ id: string }>(
      `with answered as (
         update quote set state = $2, answered_at = $3, answered_by = $4, answer_note = $5
         where ticket_id = $1 and state = 'given' returning id)
       select id from answered`,
      [ticketId, answer.state, answer.at, answer.by, answer.note],
    );
    return rows[0]!.id;
  }

  async charge(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.query('update quote set charged_at = $2 where id = $1', [id, at]);
  }
}
