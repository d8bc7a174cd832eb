import { GROUP_SCOPE } from '../context.js';
import type { WorkerDatabase } from '../database/database.js';
import type { Audit } from './audit.js';
import { GENESIS, sealHash, type SealedContent } from './chain.rules.js';

/** What is wrong with a chain, and at which place of it. */
export type AuditFault = Readonly<{ branchId: string | null; sequence: string; id: string; fault: string }>;

/** The outcome of a verification: all chains whole when `faults` is empty; `unsealed` is the tail not chained yet. */
export type AuditVerdict = Readonly<{
  ok: boolean;
  sealed: number;
  unsealed: number;
  oldestUnsealedAt: Date | null;
  faults: readonly AuditFault[];
}>;

type Row = SealedContent & { chain_seq: string; chain_hash: Buffer; personal: Personal[] | null };
type Personal = { field: string; from_value: unknown; to_value: unknown };
type Change = { field: string; personal?: true; fromDigest?: string | null; toDigest?: string | null };
type HeadRow = { branch_id: string | null; sequence: string | null; hash: Buffer | null };
type Position = { branchId: string | null; sequence: bigint; hash: Buffer };

const PAGE = 5000;
const FAULT_LIMIT = 100;

/**
 * Recomputes every chain from its first row (ORG-02): a changed, removed, inserted or reordered row, a head that does
 * not fit, and a personal value that does not fit its digest are faults. Erased personal values are none (ORG-04).
 */
export async function verifyAudit(database: WorkerDatabase, audit: Audit): Promise<AuditVerdict> {
  const faults: AuditFault[] = [];
  let sealed = 0;
  const heads = await database.read(GROUP_SCOPE, (tx) =>
    tx.query<HeadRow>(
      `select b.branch_id, h.sequence, h.hash from (select branch_id from audit union select branch_id from audit_head) b
       left join audit_head h on h.branch_id is not distinct from b.branch_id order by 1 nulls first`,
    ),
  );
  // The heads are read first: a chain may have grown past its head meanwhile, but never fall short of it.
  for (const head of heads) sealed += Number((await walkChain(database, audit, head, faults)).sequence);
  const [rest] = await database.read(GROUP_SCOPE, (tx) =>
    tx.query<{ n: string; at: Date | null }>(
      'select count(*) n, min(at) at from audit where chain_hash is null',
    ),
  );
  return { ok: faults.length === 0, sealed, unsealed: Number(rest!.n), oldestUnsealedAt: rest!.at, faults };
}

async function walkChain(
  database: WorkerDatabase,
  audit: Audit,
  head: HeadRow,
  faults: AuditFault[],
): Promise<Position> {
  const branchId = head.branch_id;
  let at: Position = { branchId, sequence: 0n, hash: GENESIS };
  for (;;) {
    const rows = await database.read(GROUP_SCOPE, (tx) =>
      tx.query<Row>(
        `select a.id, a.branch_id, entity, entity_id, action, actor, at, correlation_id, reason, changes, chain_seq, chain_hash,
                (select jsonb_agg(to_jsonb(p)) from audit_personal p where p.audit_id = a.id) personal
         from audit a where a.branch_id is not distinct from $1 and chain_seq > $2 order by chain_seq limit ${PAGE}`,
        [branchId, at.sequence.toString()],
      ),
    );
    for (const row of rows) {
      at = checkRow(audit, at, row, faults);
      if (row.chain_seq === head.sequence && !row.chain_hash.equals(head.hash!)) faults.push(headFault(head));
    }
    if (rows.length < PAGE || faults.length >= FAULT_LIMIT) break;
  }
  if (head.sequence && at.sequence < BigInt(head.sequence)) faults.push(headFault(head));
  return at;
}

function checkRow(audit: Audit, before: Position, row: Row, faults: AuditFault[]): Position {
  const sequence = BigInt(row.chain_seq);
  const say = (fault: string): void => {
    if (faults.length < FAULT_LIMIT)
      faults.push({ branchId: row.branch_id, sequence: row.chain_seq, id: row.id, fault });
  };
  if (sequence !== before.sequence + 1n)
    say(`rows are missing before it: expected place ${before.sequence + 1n}`);
  else if (!sealHash(before.hash, sequence, row).equals(row.chain_hash))
    say('its content or an earlier hash was changed');
  for (const value of row.personal ?? []) {
    const change = (row.changes as Change[]).find((item) => item.field === value.field && item.personal);
    if (!change) say(`a personal value of ${value.field} has no place in it`);
    else if (
      audit.digest(value.from_value) !== change.fromDigest ||
      audit.digest(value.to_value) !== change.toDigest
    )
      say(`the personal value of ${value.field} does not fit its digest`);
  }
  return { branchId: row.branch_id, sequence, hash: row.chain_hash };
}

const headFault = (head: HeadRow): AuditFault => ({
  branchId: head.branch_id,
  sequence: head.sequence ?? '0',
  id: '',
  fault: 'the chain does not reach its head',
});
