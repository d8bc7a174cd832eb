import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type CallContext, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { MergesQuery } from './merge.dto.js';
import type { MergeState } from './merge.rules.js';

export type Merge = Readonly<{
  id: string;
  customerId: string;
  intoCustomerId: string;
  branchId: string;
  state: MergeState;
  reason: string;
  askedBy: string;
  askedAt: Date;
  decidedBy: string | null;
  decidedAt: Date | null;
  /** The links that it gave to the survivor; undoing takes exactly these back. */
  links: readonly string[];
  version: number;
}>;

const COLUMNS = `id, customer_id "customerId", into_customer_id "intoCustomerId", branch_id "branchId", state, reason,
  asked_by "askedBy", asked_at "askedAt", decided_by "decidedBy", decided_at "decidedAt", links, version`;

/** All SQL of merges. */
@Injectable()
export class MergeRepository {
  /** Gives false when the branch has proposed it already. */
  async add(tx: Tx, merge: Merge): Promise<boolean> {
    const rows = await tx.query(
      `insert into customer_merge (id, customer_id, into_customer_id, branch_id, state, reason, asked_by, asked_at,
         decided_by, decided_at, links, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning id`,
      [
        merge.id,
        merge.customerId,
        merge.intoCustomerId,
        merge.branchId,
        merge.state,
        merge.reason,
        merge.askedBy,
        merge.askedAt,
        merge.decidedBy,
        merge.decidedAt,
        merge.links,
        merge.version,
      ],
    );
    return rows.length > 0;
  }

  async lock(tx: Tx, id: string): Promise<Merge | null> {
    const [row] = await tx.query<Merge>(`select ${COLUMNS} from customer_merge where id = $1 for update`, [
      id,
    ]);
    return row ?? null;
  }

  async update(tx: Tx, { id, state, decidedBy, decidedAt, links, version }: Merge): Promise<void> {
    await tx.query(
      'update customer_merge set state = $2, decided_by = $3, decided_at = $4, links = $5, version = $6 where id = $1',
      [id, state, decidedBy, decidedAt, links, version],
    );
  }

  /** Whether one of the two is known in branches in which the caller may not write. */
  async reachesFurther(tx: Tx, one: string, other: string): Promise<boolean> {
    const [row] = await tx.query<{ further: boolean }>('select merge_reaches_further($1, $2) further', [
      one,
      other,
    ]);
    return row!.further;
  }

  /** Gives the survivor the links that only the merged customer has. */
  async carryLinks(tx: Tx, ctx: CallContext, merged: string, survivor: string) {
    return tx.query<{ id: string; branchId: string }>(
      'select id, branch_id "branchId" from carry_links($1, $2, $3, $4)',
      [merged, survivor, ctx.actor.id, ctx.now],
    );
  }

  /** Takes these links back; gives the branches that see the survivor no longer. */
  async takeBackLinks(tx: Tx, links: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ branchId: string }>(
      'select branch_id "branchId" from take_back_links($1)',
      [links],
    );
    return rows.map(({ branchId }) => branchId);
  }

  async list(tx: Tx, query: MergesQuery): Promise<Page<Merge>> {
    const where: string[] = [];
    const values: unknown[] = [];
    if (query.state !== undefined) where.push(`state = $${values.push(query.state)}`);
    if (query.branchId !== undefined) where.push(`branch_id = $${values.push(query.branchId)}`);
    if (query.customerId !== undefined)
      where.push(`$${values.push(query.customerId)} in (customer_id, into_customer_id)`);
    const page = keyset(
      query,
      { askedAt: { column: 'asked_at', type: 'timestamptz' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Merge & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from customer_merge where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...merge }) => merge);
  }
}
