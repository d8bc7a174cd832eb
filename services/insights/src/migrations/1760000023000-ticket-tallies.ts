import { branchTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TALLY = `
create index ticket_fact_open on ticket_fact (generation, branch_id, counted_at)
  where completed_at is null and cancelled_at is null;
create table ticket_tally_cell (
  id uuid primary key default gen_random_uuid(),
  generation int not null,
  branch_id uuid not null,
  month text not null,
  time_zone text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  measures text not null,
  judged_from timestamptz not null,
  detailed boolean not null,
  unique (generation, branch_id, month),
  unique (id, branch_id)
);
create index ticket_tally_cell_place on ticket_tally_cell (generation, branch_id, starts_at);
create table ticket_tally (
  cell_id uuid not null,
  branch_id uuid not null,
  cut smallint not null,
  kind text,
  channel text,
  category_code text,
  source text,
  counts int[] not null,
  foreign key (cell_id, branch_id) references ticket_tally_cell (id, branch_id) on delete cascade
);
create index ticket_tally_cut on ticket_tally (cell_id, cut);
create table ticket_tally_touched (
  cell_id uuid not null,
  branch_id uuid not null,
  foreign key (cell_id, branch_id) references ticket_tally_cell (id, branch_id) on delete cascade
);
create index ticket_tally_touched_cell on ticket_tally_touched (cell_id);
`;

// How a cell is kept from being wrong. Whoever changes facts that have ended first takes, until the end of his transaction,
// the shared lock of their build and branch, and then marks the cells that he sees. Whoever counts a cell first takes the
// lock for himself alone, and then counts with a snapshot of after that. So a writer either
// - had the lock before: his change is committed when the counting begins, and counted; or
// - gets it after: his statement that marks has a snapshot of after the cell's commit, sees the cell and marks it.
// A mark is a row of its own and not the deletion of the cell: writers never wait for each other, and so never in a circle.
// A reader sees a change and its mark together, by the same commit. A ticket that is open before and after a change is in
// no cell, so its change needs neither lock nor mark. A callback always takes the lock: whether its ticket ends meanwhile,
// in a transaction that it cannot see, it does not know.
const touch = (name: string, from: Readonly<{ locked: string; facts: string }>): string => `
create function ${name}() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(ticket_tally_lock(generation, branch_id))
    from (select distinct generation, branch_id from changed ${from.locked}) place;
  if not found or not exists (select from ticket_tally_cell c where c.generation in (select generation from changed)) then
    return null;
  end if;
  insert into ticket_tally_touched (cell_id, branch_id)
  select distinct c.id, c.branch_id
  from ${from.facts} f cross join lateral (
    select id, branch_id, ends_at from ticket_tally_cell c
    where c.generation = f.generation and c.branch_id = f.branch_id and c.starts_at <= f.counted_at
    order by c.starts_at desc limit 1) c
  where f.counted_at < c.ends_at and (f.completed_at is not null or f.cancelled_at is not null)
    and not exists (select from ticket_tally_touched t where t.cell_id = c.id);
  return null;
end $$;`;

const CHANGES = {
  insert: ['new'],
  update: ['old', 'new'],
  delete: ['old'],
} as const;

const triggers = (table: string, execute: string): string =>
  Object.entries(CHANGES)
    .flatMap(([change, sides]) =>
      sides.map(
        (side) => `create trigger ${table}_touches_${change}_${side} after ${change} on ${table}
  referencing ${side} table as changed for each statement execute function ${execute}();`,
      ),
    )
    .join('\n');

const TOUCH = `
create function ticket_tally_lock(generation int, branch uuid) returns bigint language sql immutable parallel safe as
  $$ select hashtextextended(generation::text || ' ' || branch::text, 13) $$;
${touch('ticket_tally_touch', {
  locked: 'where completed_at is not null or cancelled_at is not null',
  facts: 'changed',
})}
${touch('ticket_tally_touch_callback', {
  locked: '',
  // walled off, so that statistics that do not know a build yet cannot begin with all its facts
  facts: `(select distinct generation, ticket_id from changed) k cross join lateral (
    select * from ticket_fact f where f.generation = k.generation and f.ticket_id = k.ticket_id offset 0)`,
})}
${triggers('ticket_fact', 'ticket_tally_touch')}
${triggers('callback_fact', 'ticket_tally_touch_callback')}
`;

/** Sums of ended tickets per branch and month, and the marks that take a sum out of use when its tickets change. */
export class TicketTallies1760000023000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TALLY);
    for (const table of ['ticket_tally_cell', 'ticket_tally', 'ticket_tally_touched'])
      await runner.query(branchTable(table));
    await runner.query(TOUCH);
  }

  async down(runner: QueryRunner): Promise<void> {
    const drops = ['ticket_fact', 'callback_fact'].flatMap((table) =>
      Object.entries(CHANGES).flatMap(([change, sides]) =>
        sides.map((side) => `drop trigger ${table}_touches_${change}_${side} on ${table};`),
      ),
    );
    await runner.query(`${drops.join('\n')}
      drop function ticket_tally_touch; drop function ticket_tally_touch_callback; drop function ticket_tally_lock;
      drop table ticket_tally_touched; drop table ticket_tally; drop table ticket_tally_cell;
      drop index ticket_fact_open;`);
  }
}
