import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '@steward/platform';
import type { AttemptDto } from '../subscription/subscription.dto.js';

/** One request that was made, with whose it was. */
export type Attempt = Omit<AttemptDto, 'at'> &
  Readonly<{ at: Date; partnerId: string; subscriptionId: string }>;

/** Attempts that are kept for each subscription, and for how many days. */
const KEPT = 5000;
const KEPT_DAYS = 30;

const INSERT = prepared(
  'keep-attempts',
  'insert into delivery_attempt select * from jsonb_populate_recordset(null::delivery_attempt, $1)',
);

/** The bounded log of attempts. */
@Injectable()
export class AttemptRepository {
  async insert(tx: Tx, attempts: readonly Attempt[]): Promise<void> {
    if (attempts.length === 0) return;
    const rows = attempts.map((attempt) => ({
      id: attempt.id,
      partner_id: attempt.partnerId,
      subscription_id: attempt.subscriptionId,
      event_id: attempt.eventId,
      type: attempt.type,
      kind: attempt.kind,
      at: attempt.at,
      took_ms: attempt.tookMs,
      ok: attempt.ok,
      status: attempt.status,
      error: attempt.error,
      answer: attempt.answer,
    }));
    await tx.query(INSERT, [JSON.stringify(rows)]);
  }

  /** Drops what is old or too much; to be called now and then. */
  async forget(tx: Tx, now: Date): Promise<void> {
    await tx.query('delete from delivery_attempt where at < $1', [
      new Date(now.getTime() - KEPT_DAYS * 86_400_000),
    ]);
    await tx.query(
      `delete from delivery_attempt a using (
         select s.id, (select at from delivery_attempt o where o.subscription_id = s.id
           order by at desc offset $1 limit 1) as oldest from subscription s) k
       where a.subscription_id = k.id and a.at <= k.oldest`,
      [KEPT],
    );
  }
}
