import { nameId } from '@steward/kernel';
import { GROUP_SCOPE } from '../context.js';
import type { Tx, WorkerDatabase } from '../database/database.js';
import { GENESIS, sealHash, type SealedContent } from './chain.rules.js';

/** The head of a chain after sealing. `publication` counts what was published of this chain, from 1. */
export type AuditHead = Readonly<{
  chain: string;
  branchId: string | null;
  sequence: bigint;
  hash: Buffer;
  sealedAt: Date;
  publication: number;
}>;

/** Publishes chain heads in the sealer's transaction, so that outsiders can hold the platform to them. */
export type PublishHeads = (tx: Tx, heads: readonly AuditHead[]) => Promise<void>;

type Row = SealedContent & { pos: string };
type HeadRow = { chain: string; sequence: string; hash: Buffer };
type DueRow = HeadRow & { branch_id: string | null; sealed_at: Date; publication: string };
type Chain = { chain: string; branchId: string | null; sequence: bigint; hash: Buffer };

const BATCH = 2000;
const NAMESPACE = '4f1c4b3a-8a3e-5f6e-9d59-6f1a8a4f2c11';

/** The id of a branch's chain in one service; the group's own rows have a chain too. */
const chainId = (service: string, branchId: string | null): string =>
  nameId(NAMESPACE, `${service}/${branchId ?? 'group'}`);

// A publication that lies ahead was timed by a clock that has been set back since: to wait for it could take hours.
const PUBLISH_DUE = `
  update audit_head set published_sequence = published_sequence + 1, published_upto = sequence, published_at = $1
  where sequence > published_upto and (published_at is null or published_at <= $2 or published_at > $1)
  returning chain, branch_id, sequence, hash, sealed_at, published_sequence publication`;

/**
 * Chains the trail per branch (ORG-02). Rows are found by "not sealed yet", never by position, so one that commits late
 * is sealed later and none is passed over; it runs in one copy at a time.
 */
export class AuditSealer {
  private readonly chainIds = new Map<string | null, string>();

  constructor(
    private readonly database: WorkerDatabase,
    private readonly service: string,
    private readonly now: () => Date,
    private readonly publish?: PublishHeads,
    private readonly publishEveryMs = 60_000,
  ) {}

  // Its id is a digest of the branch's: once per branch, not twice per row.
  private chainOf(branchId: string | null): string {
    const known = this.chainIds.get(branchId) ?? chainId(this.service, branchId);
    this.chainIds.set(branchId, known);
    return known;
  }

  /** Seals all that is unsealed; gives the number of rows. */
  async sealAll(): Promise<number> {
    for (let total = 0; ;) {
      const sealed = await this.sealBatch();
      total += sealed;
      if (sealed < BATCH) return total;
    }
  }

  private async sealBatch(): Promise<number> {
    return this.database.transaction(GROUP_SCOPE, async (tx) => {
      const rows = await tx.query<Row>(
        `select pos, id, branch_id, entity, entity_id, action, actor, at, correlation_id, reason, changes
         from audit where chain_hash is null order by pos limit ${BATCH}`,
      );
      if (rows.length > 0) await this.seal(tx, rows);
      await this.publishDue(tx);
      return rows.length;
    });
  }

  private async seal(tx: Tx, rows: readonly Row[]): Promise<void> {
    const chains = await this.heads(tx, rows);
    const sealed = rows.map((row) => {
      const chain = chains.get(this.chainOf(row.branch_id))!;
      chain.sequence += 1n;
      chain.hash = sealHash(chain.hash, chain.sequence, row);
      return { pos: row.pos, sequence: chain.sequence.toString(), hash: chain.hash };
    });
    await tx.query(
      `update audit a set chain_seq = s.seq, chain_hash = s.hash
         from unnest($1::bigint[], $2::bigint[], $3::bytea[]) s(pos, seq, hash) where a.pos = s.pos`,
      [sealed.map((s) => s.pos), sealed.map((s) => s.sequence), sealed.map((s) => s.hash)],
    );
    await this.keepHeads(tx, [...chains.values()]);
  }

  private async heads(tx: Tx, rows: readonly Row[]): Promise<Map<string, Chain>> {
    const chains = new Map<string, Chain>();
    for (const { branch_id } of rows) {
      const chain = this.chainOf(branch_id);
      if (!chains.has(chain)) chains.set(chain, { chain, branchId: branch_id, sequence: 0n, hash: GENESIS });
    }
    const known = await tx.query<HeadRow>(
      'select chain, sequence, hash from audit_head where chain = any($1) for update',
      [[...chains.keys()]],
    );
    for (const row of known) {
      const chain = chains.get(row.chain)!;
      Object.assign(chain, { sequence: BigInt(row.sequence), hash: row.hash });
    }
    return chains;
  }

  private async keepHeads(tx: Tx, chains: readonly Chain[]): Promise<void> {
    await tx.query(
      `insert into audit_head as h (chain, branch_id, sequence, hash, sealed_at)
       select chain, branch, seq, hash, $5 from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bytea[]) s(chain, branch, seq, hash)
       on conflict (chain) do update set sequence = excluded.sequence, hash = excluded.hash, sealed_at = excluded.sealed_at`,
      [
        chains.map((c) => c.chain),
        chains.map((c) => c.branchId),
        chains.map((c) => c.sequence.toString()),
        chains.map((c) => c.hash),
        this.now(),
      ],
    );
  }

  /** Publishes the heads that moved, each at most once in `publishEveryMs`; also the last one of a chain fallen quiet. */
  private async publishDue(tx: Tx): Promise<void> {
    if (!this.publish) return;
    const now = this.now();
    const before = new Date(now.getTime() - this.publishEveryMs);
    const rows = await tx.query<DueRow>(PUBLISH_DUE, [now, before]);
    if (rows.length === 0) return;
    const heads = rows.map((row) => ({
      chain: row.chain,
      branchId: row.branch_id,
      sequence: BigInt(row.sequence),
      hash: row.hash,
      sealedAt: row.sealed_at,
      publication: Number(row.publication),
    }));
    await this.publish(tx, heads);
  }
}
