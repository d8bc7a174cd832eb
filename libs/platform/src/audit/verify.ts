import { GROUP_SCOPE } from '../context.js';
import type { WorkerDatabase } from '../database/database.js';
import type { Audit } from './audit.js';
import { GENESIS, sealHash, type SealedContent } from './chain.rules.js';

/** What is wrong with a chain, and at which place of it. */
export type AuditFault = Readonly<{ branchId: string | null; sequence: string; id: string; fault: string }>;

/** A place in a service's chains: everything before it was recomputed, up to `hash`. */
export type AuditPlace = Readonly<{ branchId: string | null; sequence: bigint; hash: Buffer }>;

/**
 * The outcome of a verification, or of one part of it: whole when `faults` is empty; `sealed` rows were recomputed,
 * `unsealed` is the tail not chained yet, `next` where to go on when the part ended before the last chain did.
 */
export type AuditVerdict = Readonly<{
  ok: boolean;
  sealed: number;
  unsealed: number;
  oldestUnsealedAt: Date | null;
  faults: readonly AuditFault[];
  next: AuditPlace | null;
}>;

/** Where to begin and after how many rows to stop; the whole when left out. A part takes up to a page more. */
export type AuditPart = Readonly<{ after?: AuditPlace | undefined; rows?: number }>;

type Row = SealedContent & { chain_seq: string; chain_hash: Buffer; personal: Personal[] | null };
type Personal = { field: string; from_value: unknown; to_value: unknown };
type Change = { field: string; personal?: true; fromDigest?: string | null; toDigest?: string | null };
type HeadRow = { branch_id: string | null; sequence: string | null; hash: Buffer | null };
type Walk = { at: AuditPlace; read: number; ended: boolean };

const PAGE = 1000;
const FAULT_LIMIT = 100;

// Chains are known by their heads, and by their rows in case a head was taken away. The rows' branches are found by
// jumps along the index: reading millions of rows for them would take longer than a statement may.
const HEADS = `
  with recursive of_rows as (
    (select branch_id from audit where branch_id is not null order by branch_id limit 1)
    union all
    select (select a.branch_id from audit a where a.branch_id > r.branch_id order by a.branch_id limit 1)
    from of_rows r where r.branch_id is not null
  ), chains as (
    select branch_id from of_rows where branch_id is not null
    union select null where exists (select from audit where branch_id is null)
    union select branch_id from audit_head
  )
  select c.branch_id, h.sequence, h.hash from chains c
  left join audit_head h on h.branch_id is not distinct from c.branch_id order by 1 nulls first`;

/**
 * Recomputes every chain from its first row (ORG-02): a changed, removed, inserted or reordered row, a head that does
 * not fit, and a personal value that does not fit its digest are faults. Erased personal values are none (ORG-04).
 * Takes the memory of one page however long the trail is; a part begins at `after`, whose hash it goes on from.
 */
export async function verifyAudit(
  database: WorkerDatabase,
  audit: Audit,
  { after, rows = Infinity }: AuditPart = {},
): Promise<AuditVerdict> {
  const faults: AuditFault[] = [];
  // The heads are read first: a chain may have grown past its head meanwhile, but never fall short of it.
  const heads = await database.read(GROUP_SCOPE, (tx) => tx.query<HeadRow>(HEADS));
  let sealed = 0;
  let next: AuditPlace | null = null;
  for (const head of heads) {
    if (after && isBefore(head.branch_id, after.branchId)) continue;
    const from = after?.branchId === head.branch_id ? after : startOf(head.branch_id);
    const walk = await walkChain({ database, audit, faults, rows: rows - sealed }, head, from);
    sealed += walk.read;
    next = walk.at;
    if (!walk.ended) break;
    next = null;
  }
  const [rest] = await database.read(GROUP_SCOPE, (tx) =>
    tx.query<{ n: string; at: Date | null }>(
      'select count(*) n, min(at) at from audit where chain_hash is null',
    ),
  );
  const ok = faults.length === 0;
  return { ok, sealed, unsealed: Number(rest!.n), oldestUnsealedAt: rest!.at, faults, next };
}

const startOf = (branchId: string | null): AuditPlace => ({ branchId, sequence: 0n, hash: GENESIS });

/** The order of `HEADS`: the group's chain first, then by branch. */
const isBefore = (one: string | null, other: string | null): boolean =>
  one === null ? other !== null : other !== null && one < other;

type Walker = Readonly<{ database: WorkerDatabase; audit: Audit; faults: AuditFault[]; rows: number }>;

async function walkChain(walker: Walker, head: HeadRow, from: AuditPlace): Promise<Walk> {
  const { database, audit, faults } = walker;
  const walk: Walk = { at: from, read: 0, ended: false };
  while (!walk.ended && walk.read < walker.rows) {
    const rows = await database.read(GROUP_SCOPE, (tx) =>
      tx.query<Row>(
        `select a.id, a.branch_id, entity, entity_id, action, actor, at, correlation_id, reason, changes, chain_seq, chain_hash,
                (select jsonb_agg(to_jsonb(p)) from audit_personal p where p.audit_id = a.id) personal
         from audit a where a.branch_id ${head.branch_id === null ? 'is null and $1::uuid is null' : '= $1'}
           and chain_seq > $2 order by chain_seq limit ${PAGE}`,
        [head.branch_id, walk.at.sequence.toString()],
      ),
    );
    for (const row of rows) {
      walk.at = checkRow(audit, walk.at, row, faults);
      if (row.chain_seq === head.sequence && !row.chain_hash.equals(head.hash!)) faults.push(headFault(head));
    }
    walk.read += rows.length;
    const through = rows.length < PAGE;
    if (through && head.sequence && walk.at.sequence < BigInt(head.sequence)) faults.push(headFault(head));
    walk.ended = through || faults.length >= FAULT_LIMIT;
  }
  return walk;
}

function checkRow(audit: Audit, before: AuditPlace, row: Row, faults: AuditFault[]): AuditPlace {
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
