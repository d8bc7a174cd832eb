import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** Whose a generated row is: of a branch, of one of its sites, or of the group. */
export type RowOwner = Readonly<{ name: string; branch: string | null; site: string | null }>;

const BRANCH_A = randomUUID();
const BRANCH_B = randomUUID();
export const SITE_A1 = randomUUID();

export const A: RowOwner = { name: 'A', branch: BRANCH_A, site: null };
export const A1: RowOwner = { name: 'A, site 1', branch: BRANCH_A, site: SITE_A1 };
export const A2: RowOwner = { name: 'A, site 2', branch: BRANCH_A, site: randomUUID() };
export const B: RowOwner = { name: 'B', branch: BRANCH_B, site: null };
export const B1: RowOwner = { name: 'B, site 1', branch: BRANCH_B, site: randomUUID() };
export const GROUP: RowOwner = { name: 'the group', branch: null, site: null };
const OWNERS = [A, A1, A2, B, B1, GROUP];

/**
 * Values that cannot be made from the columns' types, by table; null when the owner has no rows there. `idOf` gives the
 * id of another table's row of the owner, `first` tells the row that other tables' rows name.
 */
export type SampleValues = Readonly<
  Record<
    string,
    (
      owner: RowOwner,
      idOf: (table: string) => string,
      first: boolean,
    ) => Readonly<Record<string, unknown>> | null
  >
>;

type Column = { name: string; type: string; required: boolean; allowed: string | null };

/** One table under row-level security with what a row of it is made of. */
export type ProvedTable = Readonly<{
  name: string;
  columns: readonly Column[];
  /** The columns that say whose a row is. */
  owning: readonly string[];
  hasSite: boolean;
  owners: readonly RowOwner[];
}>;

export type Row = Record<string, unknown>;

const TABLES = `
select c.relname as name, json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null),
    'required', a.attnotnull and not a.atthasdef and a.attidentity = '',
    'allowed', (select pg_get_constraintdef(k.oid) from pg_constraint k where k.conrelid = c.oid and k.contype = 'c'
      and k.conkey = array[a.attnum] limit 1)) order by a.attnum) as columns
from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relforcerowsecurity
  and a.attnum > 0 and not a.attisdropped and a.attidentity = '' and a.attgenerated = ''
group by c.relname order by c.relname`;

/** Makes rows of every owner for every table under forced row-level security. */
export class SampleRows {
  private count = 0;

  private constructor(
    readonly tables: readonly ProvedTable[],
    private readonly values: SampleValues,
  ) {}

  static async of(admin: pg.Client, values: SampleValues): Promise<SampleRows> {
    const { rows } = await admin.query<{ name: string; columns: Column[] }>(TABLES);
    return new SampleRows(
      rows.map((row) => provedTable(row.name, row.columns, values)),
      values,
    );
  }

  /** The id of the first row of this owner in a table. */
  idOf = (table: string, owner: RowOwner): string => {
    const key = `${table} ${owner.name}`;
    if (!this.ids.has(key)) this.ids.set(key, randomUUID());
    return this.ids.get(key)!;
  };
  private readonly ids = new Map<string, string>();

  /** A new row; with `first` the one that other tables' rows name. */
  make(table: ProvedTable, owner: RowOwner, { first = false } = {}): Row {
    const given = this.values[table.name]?.(owner, (other) => this.idOf(other, owner), first) ?? {};
    const row: Row = {};
    for (const column of table.columns) {
      const { name } = column;
      if (name in given) row[name] = given[name];
      else if (name === 'branch_id') row[name] = owner.branch;
      else if (name === 'site_id')
        row[name] = owner.site ?? (column.required ? this.idOf('some site', owner) : null);
      else if (name === 'id' && first) row[name] = this.idOf(table.name, owner);
      else if (column.required) row[name] = this.value(table.name, column);
    }
    return row;
  }

  private value(table: string, { name, type, allowed }: Column): unknown {
    const number = (this.count += 1);
    const literal = allowed ? /'([^']*)'/.exec(allowed)?.[1] : undefined;
    if (literal !== undefined) return literal;
    if (type.endsWith('[]')) return '{}';
    if (type === 'uuid') return randomUUID();
    if (type === 'text') return `${table}.${name} ${number}`;
    if (/^(smallint|integer|bigint|numeric)/.test(type)) return number;
    if (type.startsWith('timestamp')) return '2026-03-02T01:00:00Z';
    if (type === 'date') return '2026-03-02';
    if (type === 'boolean') return false;
    if (type === 'jsonb') return '{}';
    if (type === 'bytea') return Buffer.from([number % 256]);
    throw new Error(`no sample value is known for ${table}.${name} of type ${type}`);
  }
}

function provedTable(name: string, columns: readonly Column[], values: SampleValues): ProvedTable {
  const names = columns.map((column) => column.name);
  const own = names.filter((column) => column === 'branch_id' || column === 'site_id');
  const valuesOf = (owner: RowOwner) => (values[name] ?? (() => ({})))(owner, () => randomUUID(), true);
  const given = Object.keys(valuesOf(A) ?? valuesOf(GROUP) ?? {});
  if (own.length === 0 && given.length === 0)
    throw new Error(`${name} has no branch_id: say by sample values whose its rows are`);
  const hasSite = own.includes('site_id');
  const groupToo = !columns.some((column) => column.name === 'branch_id' && column.required);
  const owners = OWNERS.filter((owner) => (groupToo || owner !== GROUP) && (hasSite || !owner.site)).filter(
    (owner) => valuesOf(owner) !== null,
  );
  return { name, columns, owning: own.includes('branch_id') ? own : given, hasSite, owners };
}

/** The statement that inserts one row, and its values. */
export function insertOf(table: ProvedTable, row: Row, tail = ''): { text: string; values: unknown[] } {
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`);
  const text = `insert into ${table.name} (${names.join(', ')}) values (${places.join(', ')}) ${tail}`;
  return { text, values: Object.values(row) };
}
