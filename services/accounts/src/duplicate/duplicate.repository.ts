import { Injectable } from '@nestjs/common';
import type { CallContext, Tx } from '@steward/platform';
import {
  DUPLICATE_REASONS,
  identityKeys,
  type DuplicateReason,
  type Identity,
} from '../customer/identity.rules.js';
import { pinyin } from '../customer/pinyin.js';
import { SIGHTING_MS } from '../customer/customer.rules.js';

/** A possible duplicate: with its id where the caller sees it, else with a token by which it can be linked. */
export type Candidate = Readonly<{
  customerId: string | null;
  token: string | null;
  reasons: readonly DuplicateReason[];
  number: string | null;
  maskedName: string;
}>;

/** All SQL of the search for duplicates. The functions of the database see the whole group; route code does not. */
@Injectable()
export class DuplicateRepository {
  async find(tx: Tx, ctx: CallContext, branchId: string, identity: Identity): Promise<Candidate[]> {
    const keys = identityKeys(identity, pinyin).filter(({ reason }) =>
      (DUPLICATE_REASONS as readonly string[]).includes(reason),
    );
    return tx.query<Candidate>(
      `select customer_id "customerId", token, reasons, number, masked_name "maskedName" from find_duplicates($1, $2, $3, $4)`,
      [JSON.stringify(keys), branchId, ctx.actor.id, new Date(ctx.now.getTime() + SIGHTING_MS)],
    );
  }

  /** Links a foreign customer that was shown to this caller; null when the token is not known (any more). */
  async link(
    tx: Tx,
    ctx: CallContext,
    linkId: string,
    token: string,
    siteId: string | null,
  ): Promise<Readonly<{ customerId: string; branchId: string }> | null> {
    const [row] = await tx.query<{ customerId: string; branchId: string }>(
      'select customer_id "customerId", branch_id "branchId" from link_found_customer($1, $2, $3, $4, $5)',
      [linkId, token, siteId, ctx.actor.id, ctx.now],
    );
    return row ?? null;
  }

  /** Tokens that nobody used in time. */
  async forgetExpired(tx: Tx, now: Date): Promise<number> {
    const rows = await tx.query('delete from customer_sighting where expires_at < $1 returning token', [now]);
    return rows.length;
  }
}
