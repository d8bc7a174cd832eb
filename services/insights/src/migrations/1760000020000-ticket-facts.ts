import { branchTable, plumbingTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const FACT = `
create table ticket_fact (
  generation int not null,
  ticket_id uuid not null,
  branch_id uuid not null,
  site_id uuid,
  number text not null,
  kind text not null,
  channel text not null,
  category_code text,
  priority text not null,
  origin text not null,
  source text,
  external_id text,
  received_at timestamptz not null,
  completed_at timestamptz,
  cancelled_at timestamptz,
  due_at timestamptz,
  due_missing text,
  on_time boolean,
  primary key (generation, ticket_id)
);
create index ticket_fact_received on ticket_fact (generation, branch_id, received_at, ticket_id);
`;

const GENERATION = `
create table generation (
  model text primary key,
  active int not null,
  building int,
  retired int,
  last int not null default 1,
  started_at timestamptz,
  compared jsonb,
  switched_at timestamptz
);
insert into generation (model, active) values ('tickets', 1);
`;

export class TicketFacts1760000020000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FACT + branchTable('ticket_fact', { site: true }));
    await runner.query(GENERATION + plumbingTable('generation'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table generation; drop table ticket_fact;');
  }
}
