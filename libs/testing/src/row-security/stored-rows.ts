import type pg from 'pg';
import { insertOf, type ProvedTable, type RowOwner, type SampleRows } from './sample-rows.js';

/** A row as it lies in the table, with the transaction that wrote it, so that a change to the same value shows too. */
export type StoredRow = Readonly<{ content: string; owning: string; written: string }>;

/** The rows of one table before an attack, and whose each is. */
export type Stock = Readonly<{ rows: readonly StoredRow[]; ownerOf: ReadonlyMap<string, RowOwner> }>;

/** What only an administrator sees and mends: all rows of a table. */
export class StoredRows {
  constructor(
    private readonly admin: pg.Client,
    private readonly samples: SampleRows,
  ) {}

  async read(table: ProvedTable): Promise<StoredRow[]> {
    const owning = table.owning.map((name) => `'${name}', t.${name}`).join(', ');
    const { rows } = await this.admin.query<StoredRow>(
      `select to_jsonb(t)::text as content, jsonb_build_object(${owning})::text as owning, t.xmin::text as written
       from ${table.name} t order by 1`,
    );
    return rows;
  }

  /** Empties the table and fills it with a row of every owner. */
  async fill(table: ProvedTable): Promise<Stock> {
    const ownerOf = new Map<string, RowOwner>();
    await this.admin.query(`set session_replication_role = replica; delete from ${table.name};`);
    for (const owner of table.owners) {
      const row = this.samples.make(table, owner, { first: true });
      const tail = `returning to_jsonb(${table.name})::text as content`;
      const { rows } = await this.admin.query<{ content: string }>(insertOf(table, row, tail));
      ownerOf.set(rows[0]!.content, owner);
    }
    await this.admin.query('set session_replication_role = origin');
    return { rows: await this.read(table), ownerOf };
  }
}

/** What an attack did that `touchable` owners do not allow: rows of others changed or gone, rows made for others. */
export function damage(
  before: Stock,
  after: readonly StoredRow[],
  touchable: readonly RowOwner[],
): string | null {
  const left = new Set(after.map((row) => `${row.written} ${row.content}`));
  for (const row of before.rows) {
    const owner = before.ownerOf.get(row.content)!;
    if (!touchable.includes(owner) && !left.has(`${row.written} ${row.content}`))
      return `changed the row of ${owner.name}`;
  }
  const own = new Set(
    before.rows
      .filter((row) => touchable.includes(before.ownerOf.get(row.content)!))
      .map((row) => row.owning),
  );
  const known = new Set(before.rows.map((row) => row.content));
  const strange = after.find((row) => !known.has(row.content) && !own.has(row.owning));
  return strange ? `made a row of another: ${strange.owning}` : null;
}
