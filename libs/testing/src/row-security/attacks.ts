import type { Statement } from './session.js';
import { A, B, insertOf, type ProvedTable, type Row, type SampleRows } from './sample-rows.js';

/** Statements of one transaction that try to see or to change what is not theirs. */
export type Attack = Readonly<{ title: string; statements: readonly Statement[] }>;

const SEEN = 'to_jsonb(t)::text as seen';

/** Every way to read a table that does not need its owner; rows come back as `seen`, or in notices and copied lines. */
export function readingAttacks({ name }: ProvedTable): readonly Attack[] {
  return [...plainReads(name), ...readsByOwnFunctions(name)];
}

function plainReads(name: string): readonly Attack[] {
  return [
    { title: 'select', statements: [`select ${SEEN} from ${name} t`] },
    { title: 'select for update', statements: [`select ${SEEN} from ${name} t for update`] },
    {
      title: 'a cursor',
      statements: [
        `declare look scroll cursor for select ${SEEN} from ${name} t`,
        'fetch all look',
        'fetch backward all look',
      ],
    },
    { title: 'copy to', statements: [`copy (select to_jsonb(t) from ${name} t) to stdout`] },
    { title: 'copy of the table', statements: [`copy ${name} to stdout`] },
    {
      title: 'its statistics',
      statements: [`select to_jsonb(s)::text as seen from pg_stats s where tablename = '${name}'`],
    },
  ];
}

function readsByOwnFunctions(name: string): readonly Attack[] {
  return [
    {
      title: 'a leaky function in where',
      statements: [
        `create function pg_temp.leak(value jsonb) returns boolean language plpgsql cost 0.0000001 as
           $$ begin raise notice '%', value::text; return true; end $$`,
        `select ${SEEN} from ${name} t where pg_temp.leak(to_jsonb(t))`,
        `select ${SEEN} from (select * from ${name} offset 0) t where pg_temp.leak(to_jsonb(t))`,
        'drop function pg_temp.leak',
      ],
    },
    {
      title: 'a view and a function of its own',
      statements: [
        `create temporary view mine as select * from ${name}`,
        `create function pg_temp.mine() returns setof ${name} language sql security definer as 'select * from ${name}'`,
        `select ${SEEN} from mine t`,
        `select ${SEEN} from pg_temp.mine() t`,
        'drop function pg_temp.mine',
        'drop view mine',
      ],
    },
  ];
}

/** Attempts to switch the policies off; each must be refused, whatever the table. */
export function escapes({ name }: ProvedTable, owner: string): readonly Attack[] {
  const select = `select ${SEEN} from ${name} t`;
  return [
    { title: 'row_security = off', statements: ['set local row_security = off', select] },
    { title: 'set role', statements: [`set local role ${owner}`, select] },
    { title: 'set session authorization', statements: [`set session authorization ${owner}`, select] },
    { title: 'replication role', statements: ['set local session_replication_role = replica', select] },
    { title: 'disable row security', statements: [`alter table ${name} disable row level security`, select] },
    { title: 'a policy of its own', statements: [`create policy open on ${name} using (true)`, select] },
    { title: 'a grant to itself', statements: [`alter role current_user bypassrls`, select] },
    {
      title: 'a trigger',
      statements: [
        `create trigger look before insert on ${name} for each row execute function suppress_redundant_updates_trigger()`,
      ],
    },
    { title: 'truncate', statements: [`truncate ${name}`] },
    {
      title: 'the raw statistics',
      statements: [`select stavalues1::text as seen from pg_statistic limit 1`],
    },
  ];
}

const one = (title: string, ...statements: Statement[]): Attack => ({ title, statements });

const assigned = ({ owning }: ProvedTable, row: Row): string =>
  owning.map((column) => `${column} = ${literal(row[column])}`).join(', ');

/** Every way to change rows of a table; `written` is a column that the role may update. */
export function writingAttacks(table: ProvedTable, samples: SampleRows, written: string): readonly Attack[] {
  const { name } = table;
  return [
    ...insertingAttacks(table, samples, written),
    one('update', `update ${name} t set ${written} = t.${written} returning ${SEEN}`),
    one('move away', `update ${name} set ${assigned(table, samples.make(table, B))}`),
    one('steal', `update ${name} set ${assigned(table, samples.make(table, A))}`),
    one('delete', `delete from ${name} t returning ${SEEN}`),
    one('delete using itself', `delete from ${name} t using ${name} o returning to_jsonb(o)::text as seen`),
    one('merge delete', `merge into ${name} t using (select 1) s on true when matched then delete`),
    one(
      'merge update',
      `merge into ${name} t using (select 1) s on true when matched then update set ${written} = t.${written}`,
    ),
    one(
      'update at a cursor',
      `declare at cursor for select * from ${name} for update`,
      'move next at',
      `delete from ${name} where current of at`,
    ),
    one('copy from', `copy ${name} from stdin`),
  ];
}

/** Rows made for the other branch, and rows of one's own over an id that is the other's. */
function insertingAttacks(table: ProvedTable, samples: SampleRows, written: string): readonly Attack[] {
  const foreign = samples.make(table, B);
  const plain = one('insert', insertOf(table, foreign));
  if (!table.columns.some(({ name }) => name === 'id')) return [plain];
  const id = samples.idOf(table.name, B);
  const over = (change: string) =>
    insertOf(table, { ...samples.make(table, A), id }, `on conflict ${change}`);
  return [
    plain,
    one('insert on conflict do nothing', insertOf(table, { ...foreign, id }, 'on conflict do nothing')),
    one('insert over a foreign id', over(`(id) do update set ${written} = excluded.${written}`)),
    one('take over a foreign id', over(`(id) do update set ${assigned(table, samples.make(table, A))}`)),
  ];
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return `'{${value.join(',')}}'`;
  return `'${(value as string | number).toString().replaceAll("'", "''")}'`;
}
