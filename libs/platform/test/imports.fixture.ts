import { conflict, newId } from '@steward/kernel';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { branchTable, type Tx } from '../src/database/index.js';
import { nextNumbers } from '../src/numbering/numbering.js';
import type { ImportJobContext, ImportKind, ImportRow, RowOutcome } from '../src/imports/import-kind.js';

/** A table to import into. */
export class Things1700000000900 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table thing (
        id uuid primary key, branch_id uuid not null, number text not null, title text not null check (title <> 'Unstorable'),
        note text, opened_at timestamptz, imported_by text not null
      );
      ${branchTable('thing')}`);
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}

const thing = z.object({
  title: z.string().min(1).max(100).describe('What it is about'),
  note: z.string().optional(),
  openedAt: z.iso.datetime().optional(),
});
type Thing = z.infer<typeof thing>;

/** Imports things; some titles misbehave. */
export class ThingKind implements ImportKind<Thing> {
  readonly kind = 'things';
  readonly roles = ['cs-agent', 'hq-admin'] as const;
  readonly branchField = 'branch';
  readonly rowSchema = thing;
  /** Called before each batch, for tests that break something. */
  before: (rows: readonly ImportRow<Thing>[]) => Promise<void> = () => Promise.resolve();
  /** Called when a batch is applied, just before its commit. */
  after: () => Promise<void> = () => Promise.resolve();

  async applyRows(tx: Tx, job: ImportJobContext, rows: readonly ImportRow<Thing>[]): Promise<RowOutcome[]> {
    await this.before(rows);
    if (rows.some(({ data }) => data.title === 'Refused'))
      throw conflict('thing.refused', 'This thing is refused.');
    if (rows.some(({ data }) => data.title === 'Bug')) throw new TypeError('a bug in the kind');
    const outcomes: RowOutcome[] = [];
    for (const row of rows)
      outcomes.push(row.record ? await this.change(tx, row) : await this.add(tx, job, row));
    await this.after();
    return outcomes;
  }

  private async add(
    tx: Tx,
    job: ImportJobContext,
    { branchId, branchCode, data }: ImportRow<Thing>,
  ): Promise<RowOutcome> {
    const id = newId();
    const [number] = await nextNumbers(tx, {
      branchId: branchId!,
      branchCode: branchCode!,
      form: 'X',
      year: 2026,
    });
    await tx.query('insert into thing values ($1, $2, $3, $4, $5, $6, $7)', [
      ...[id, branchId, number, data.title],
      ...[data.note ?? null, data.openedAt ?? null, job.call.actor.id],
    ]);
    return { state: 'created', entityId: id };
  }

  private async change(tx: Tx, { record, data }: ImportRow<Thing>): Promise<RowOutcome> {
    await tx.query('update thing set title = $2, note = $3 where id = $1', [
      record!.entityId,
      data.title,
      data.note ?? null,
    ]);
    return { state: 'updated' };
  }
}
