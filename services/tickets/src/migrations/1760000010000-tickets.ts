import { branchTable, referenceTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const CATEGORY = `
create table category (
  id uuid primary key,
  branch_id uuid not null,
  code text not null,
  name text not null,
  kind text not null,
  active boolean not null default true,
  version int not null,
  unique (branch_id, code)
);`;

const TICKET = `
create table ticket (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid,
  number text not null,
  kind text not null,
  channel text not null,
  category_code text,
  priority text not null,
  state text not null,
  resume_to text,
  requester_name text,
  requester_phone text,
  company text,
  unit_text text,
  content text not null,
  evidence text,
  witnesses text,
  preferred_time text,
  received_at timestamptz not null,
  registered_at timestamptz not null,
  registered_by text not null,
  assignee_id uuid,
  assigned_at timestamptz,
  started_at timestamptz,
  completed_at timestamptz,
  cancelled_at timestamptz,
  outcome text,
  pauses jsonb not null default '[]',
  resume_at timestamptz,
  due_at timestamptz,
  due_missing text,
  due_basis jsonb,
  on_time boolean,
  intake_due_at timestamptz,
  intake_met_at timestamptz,
  origin text not null,
  source text,
  external_id text,
  version int not null,
  unique (number, branch_id)
);
create index ticket_registered on ticket (branch_id, registered_at, id);
create index ticket_registered_anywhere on ticket (registered_at, id);
create index ticket_received on ticket (branch_id, received_at, id);
create index ticket_due on ticket (branch_id, coalesce(due_at, 'infinity'), id);
create index ticket_open on ticket (branch_id, state, registered_at, id);
create index ticket_resume on ticket (resume_at) where resume_at is not null;
`;

export class Tickets1760000010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CATEGORY + referenceTable('category'));
    await runner.query(TICKET + branchTable('ticket', { site: true, rights: 'select, insert, update' }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ticket; drop table category;');
  }
}
