import type { Tx } from '../database/database.js';
import type { KnownRecord } from './import-kind.js';

/** The key of a row in its source. */
export type RecordKey = Readonly<{ branchId: string | null; externalId: string; hash: string }>;

export type RecordSpace = Readonly<{ jobId: string; kind: string; source: string }>;

type Found = {
  branch_id: string | null;
  external_id: string;
  content_hash: string;
  entity_id: string | null;
};

/** One text for a (branch, external id). */
export const keyText = (branchId: string | null, externalId: string): string =>
  `${branchId ?? ''}/${externalId}`;

/**
 * Given rows with what they have in common, walled off from the planner. Where statistics are behind (a first import) it
 * takes a whole source for one row, and would begin with it: a scan of all records for each row of the batch.
 */
const given = (rows: string, shared: string): string => `(select r.*, ${shared} from ${rows} offset 0)`;

// Rows of a group-level kind have no branch. An index serves `= b` and `is null`, but not `is not distinct from`.
const sameBranch = (keys: readonly RecordKey[], column: string): string =>
  keys[0]?.branchId === null ? `${column} is null` : `${column} = b`;

const columns = (keys: readonly RecordKey[]): [unknown[], string[], string[]] => [
  keys.map(({ branchId }) => branchId),
  keys.map(({ externalId }) => externalId),
  keys.map(({ hash }) => hash),
];

/**
 * Takes the keys that nobody has taken, in an order that no other import crosses, and gives what is known of the rest.
 * Waits for another import that is just taking the same key.
 */
export async function claimRecords(
  tx: Tx,
  space: RecordSpace,
  keys: readonly RecordKey[],
): Promise<ReadonlyMap<string, KnownRecord>> {
  if (keys.length === 0) return new Map();
  const [branches, ids, hashes] = columns(keys);
  const taken = await tx.query<{ branch_id: string | null; external_id: string }>(
    `insert into import_record (branch_id, kind, source, external_id, content_hash, job_id)
     select b, $4, $5, e, h, $6 from unnest($1::uuid[], $2::text[], $3::text[]) as r(b, e, h) order by b, e
     on conflict on constraint import_record_once do nothing returning branch_id, external_id`,
    [branches, ids, hashes, space.kind, space.source, space.jobId],
  );
  const fresh = new Set(taken.map((row) => keyText(row.branch_id, row.external_id)));
  const old = keys.filter((key) => !fresh.has(keyText(key.branchId, key.externalId)));
  return knownOf(
    old.length === 0
      ? []
      : await tx.query<Found>(
          `select branch_id, external_id, content_hash, entity_id
           from ${given('unnest($1::uuid[], $2::text[]) r(b, e)', '$3::text k, $4::text s')} r
           join import_record on ${sameBranch(old, 'branch_id')} and kind = k and source = s and external_id = e`,
          [
            old.map(({ branchId }) => branchId),
            old.map(({ externalId }) => externalId),
            space.kind,
            space.source,
          ],
        ),
  );
}

/** What an earlier batch of a dry run would have taken. */
export async function triedRecords(
  tx: Tx,
  space: RecordSpace,
  keys: readonly RecordKey[],
): Promise<ReadonlyMap<string, KnownRecord>> {
  const [branches, ids] = columns(keys);
  const rows = await tx.query<Omit<Found, 'entity_id'>>(
    `select branch_id, external_id, content_hash from ${given('unnest($1::uuid[], $2::text[]) r(b, e)', '$3::uuid j')} r
     join import_trial on job_id = j and ${sameBranch(keys, 'branch_id')} and external_id = e`,
    [branches, ids, space.jobId],
  );
  return knownOf(rows.map((row) => ({ ...row, entity_id: null })));
}

const knownOf = (rows: readonly Found[]): ReadonlyMap<string, KnownRecord> =>
  new Map(
    rows.map((row) => [
      keyText(row.branch_id, row.external_id),
      { hash: row.content_hash, entityId: row.entity_id },
    ]),
  );

/** Keeps what a dry run would have taken, so that a second row with the same id is seen. */
export async function tryRecords(tx: Tx, space: RecordSpace, keys: readonly RecordKey[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.query(
    `insert into import_trial (job_id, branch_id, external_id, content_hash)
     select $4, b, e, h from unnest($1::uuid[], $2::text[], $3::text[]) as r(b, e, h)
     on conflict on constraint import_trial_once do update set content_hash = excluded.content_hash`,
    [...columns(keys), space.jobId],
  );
}

export type Settled = Readonly<RecordKey & { entityId: string | null }>;

/** Keeps the content and the record of rows that were created or changed. */
export async function settleRecords(tx: Tx, space: RecordSpace, settled: readonly Settled[]): Promise<void> {
  if (settled.length === 0) return;
  await tx.query(
    `update import_record i set content_hash = h, entity_id = coalesce(n, i.entity_id), job_id = $7
     from ${given('unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) r(b, e, h, n)', '$5::text k, $6::text s')} r
     where ${sameBranch(settled, 'i.branch_id')} and i.kind = k and i.source = s and i.external_id = e`,
    [...columns(settled), settled.map(({ entityId }) => entityId), space.kind, space.source, space.jobId],
  );
}

/** Gives keys back whose rows were rejected. */
export async function releaseRecords(tx: Tx, space: RecordSpace, keys: readonly RecordKey[]): Promise<void> {
  if (keys.length === 0) return;
  const [branches, ids] = columns(keys);
  await tx.query(
    `delete from import_record i using ${given('unnest($1::uuid[], $2::text[]) r(b, e)', '$3::text k, $4::text s')} r
     where ${sameBranch(keys, 'i.branch_id')} and i.kind = k and i.source = s and i.external_id = e`,
    [branches, ids, space.kind, space.source],
  );
}

/** Forgets what a dry run tried. */
export async function forgetTrials(tx: Tx, jobId: string): Promise<void> {
  await tx.query('delete from import_trial where job_id = $1', [jobId]);
}
