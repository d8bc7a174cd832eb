import type { Tx } from '../database/database.js';
import type { BatchRow } from './batch-rows.js';
import type { Settlement } from './batch-outcomes.js';
import type { ImportJob } from './import-job.js';
import type { ImportRow, KnownRecord } from './import-kind.js';
import {
  claimRecords,
  keyText,
  releaseRecords,
  settleRecords,
  triedRecords,
  tryRecords,
  type RecordKey,
  type RecordSpace,
} from './import-record.repository.js';

/** A row that the kind shall apply. */
export type Fresh = Readonly<{ item: BatchRow; row: ImportRow<unknown> }>;

type Looked = Readonly<{ fresh: readonly Fresh[]; known: readonly Settlement[] }>;

/** Knows which rows came before: the same content is left alone, other content is refused unless the job may update. */
export class RecordBook {
  private readonly space: RecordSpace;

  constructor(private readonly job: ImportJob) {
    this.space = { jobId: job.id, kind: job.kind, source: job.source };
  }

  /** Takes the keys of new rows, and settles those that need no applying. No key may come twice in `items`. */
  async look(tx: Tx, items: readonly BatchRow[]): Promise<Looked> {
    const keys = keysOf(items);
    const tried = this.job.dryRun ? await triedRecords(tx, this.space, keys) : new Map<string, KnownRecord>();
    const records = new Map([...tried, ...(await claimRecords(tx, this.space, keys))]);
    const fresh: Fresh[] = [];
    const known: Settlement[] = [];
    for (const item of items) {
      const { externalId } = item.row;
      const record = externalId === null ? undefined : records.get(keyText(item.branchId, externalId));
      const settled = record && this.settlement(item, record);
      if (settled) known.push(settled);
      else fresh.push({ item, row: importRow(item, record) });
    }
    return { fresh, known };
  }

  private settlement(item: BatchRow, record: KnownRecord): Settlement | undefined {
    const entity = record.entityId === null ? {} : { entityId: record.entityId };
    if (record.hash === item.hash) return { item, outcome: { state: 'unchanged', ...entity } };
    if (this.job.mode === 'update') return undefined;
    const detail =
      'A row with this id was imported before with other content. Import with mode=update to change it.';
    return {
      item,
      outcome: {
        state: 'rejected',
        ...entity,
        problems: [{ field: 'externalId', code: 'import.changed', detail }],
      },
    };
  }

  /** Keeps what the kind made of fresh rows; keys of rejected new rows become free again. */
  async settle(tx: Tx, fresh: readonly Fresh[], settlements: readonly Settlement[]): Promise<void> {
    const rejected = fresh.filter(
      ({ row }, i) => !row.record && settlements[i]!.outcome.state === 'rejected',
    );
    const taken = settlements.filter(({ outcome }) => outcome.state !== 'rejected');
    await releaseRecords(tx, this.space, keysOf(rejected.map(({ item }) => item)));
    await settleRecords(
      tx,
      this.space,
      taken.flatMap(({ item, outcome }) =>
        keysOf([item]).map((key) => ({ ...key, entityId: outcome.entityId ?? null })),
      ),
    );
  }

  /** In a dry run: keeps the keys that would have been taken. */
  async remember(tx: Tx, settlements: readonly Settlement[]): Promise<void> {
    const taken = settlements.filter(
      ({ outcome }) => outcome.state === 'created' || outcome.state === 'updated',
    );
    const keys = new Map(
      keysOf(taken.map(({ item }) => item)).map((key) => [keyText(key.branchId, key.externalId), key]),
    );
    await tryRecords(tx, this.space, [...keys.values()]);
  }
}

function keysOf(items: readonly BatchRow[]): RecordKey[] {
  return items.flatMap(({ row, branchId, hash }) =>
    row.externalId === null ? [] : [{ branchId, externalId: row.externalId, hash }],
  );
}

function importRow(
  { row, branchId, branchCode, data }: BatchRow,
  record: KnownRecord | undefined,
): ImportRow<unknown> {
  const { rowNumber, externalId } = row;
  return { rowNumber, branchId, branchCode, externalId, data, ...(record ? { record } : {}) };
}
