import type { ServiceWorld } from './service-world.js';

/** SQL expressions by column; what is not named stays as in the sample, which is `s` in them. */
export type Columns = Readonly<Record<string, string>>;

/**
 * Makes statements that write rows like those that the service wrote: a sample of each table is taken from the service's
 * database into a baseline's, so neither can drift from the other.
 */
export class SampleRows {
  private constructor(
    private readonly world: ServiceWorld,
    private readonly baseline: string,
  ) {}

  static of(world: ServiceWorld, baseline: string): SampleRows {
    return new SampleRows(world, baseline);
  }

  /** Keeps the rows of a table that fit `where`, as `sample_<name>` of the baseline. Throws when there is none. */
  async take(table: string, where: string, name = table): Promise<void> {
    const rows = await this.world.rows<{ row: object }>(
      `select to_jsonb(t) as row from ${table} t where ${where}`,
    );
    if (rows.length === 0) throw new Error(`${table} holds no row with ${where}`);
    const json = JSON.stringify(rows.map(({ row }) => row)).replaceAll("'", "''");
    await this.world.rows(
      `create table sample_${name} as select * from jsonb_populate_recordset(null::${table}, '${json}'); analyze sample_${name}`,
      this.baseline,
    );
  }

  /** `insert into table select …` for each row of `from` and each row of the sample. */
  async insert(table: string, from: string, columns: Columns, name = table): Promise<string> {
    const fields = await this.world.rows<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped
         and attidentity = '' and attgenerated = '' order by attnum`,
      this.baseline,
    );
    const values = fields.map((field) => columns[field.name] ?? `s."${field.name}"`);
    const list = fields.map((field) => `"${field.name}"`).join(', ');
    return `insert into ${table} (${list}) select ${values.join(', ')} from ${from} cross join sample_${name} s`;
  }
}

/** An id in the order of `n`, as the platform's own are in the order of time; `kind` (two hex digits) keeps tables apart. */
export const idOf = (n: string, kind: string): string =>
  `('0190${kind}00-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
