import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationClass } from '../database/migrations.js';
import { branchOrGroupTable, plumbingTable } from '../database/row-security.js';

const TABLES = `
create table import_job (
  id uuid primary key,
  kind text not null,
  actor text not null,
  actor_kind text not null,
  client text not null,
  correlation_id text not null,
  units uuid[],
  scope jsonb not null,
  state text not null check (state in ('uploading', 'uploaded', 'running', 'done', 'failed', 'cancelled')),
  mode text not null default 'insert' check (mode in ('insert', 'update')),
  dry_run boolean not null default false,
  notify boolean not null default false,
  source text not null default '',
  branch text,
  mapping jsonb,
  sheet text,
  declared_encoding text,
  file_name text not null default '',
  file_bytes bigint not null default 0,
  file_sha256 text,
  format text,
  encoding text,
  unused_columns jsonb,
  rows_read int not null default 0,
  rows_created int not null default 0,
  rows_updated int not null default 0,
  rows_unchanged int not null default 0,
  rows_rejected int not null default 0,
  rows_warned int not null default 0,
  cursor jsonb,
  bytes_done bigint not null default 0,
  attempts int not null default 0,
  error jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  file_gone_at timestamptz
);
create index import_job_recent on import_job (created_at desc, id desc);
create index import_job_open on import_job (created_at) where state in ('uploading', 'uploaded', 'running');
create index import_job_file on import_job (finished_at) where file_gone_at is null and finished_at is not null;
create table import_chunk (
  job_id uuid not null,
  seq int not null,
  bytes bytea not null,
  primary key (job_id, seq)
);
alter table import_chunk alter column bytes set storage external;
create table import_row_problem (
  job_id uuid not null,
  row_number int not null,
  seq int not null,
  state text not null check (state in ('rejected', 'warning')),
  field text,
  code text not null,
  detail text not null,
  raw text not null,
  primary key (job_id, row_number, seq)
);
create table import_record (
  branch_id uuid,
  kind text not null,
  source text not null,
  external_id text not null,
  content_hash text not null,
  entity_id uuid,
  job_id uuid not null,
  constraint import_record_once unique nulls not distinct (branch_id, kind, source, external_id)
);
create table import_trial (
  job_id uuid not null,
  branch_id uuid,
  external_id text not null,
  content_hash text not null,
  constraint import_trial_once unique nulls not distinct (job_id, branch_id, external_id)
);
`;

// A job is seen by whoever reads every unit that it may write: its maker (as long as the bindings last), colleagues with
// the same reach, and everybody above. A null list is the whole group.
const within = (list: 'read' | 'write'): string =>
  `(select app_${list}_all()) or (units is not null and units <@ (select app_${list}_ids())::uuid[])`;

const ofJob = (list: 'read' | 'write'): string =>
  `exists (select from import_job j where j.id = job_id and (${within(list)}))`;

const PROBLEM_POLICIES = `
create policy import_row_problem_read on import_row_problem for select using (${ofJob('read')});
create policy import_row_problem_insert on import_row_problem for insert with check (${ofJob('write')});
create policy import_row_problem_delete on import_row_problem for delete using (${ofJob('write')});
`;

const POLICIES = `
alter table import_job enable row level security;
alter table import_job force row level security;
create policy import_job_read on import_job for select using (${within('read')});
create policy import_job_insert on import_job for insert with check (${within('write')});
create policy import_job_update on import_job for update using (${within('write')}) with check (${within('write')});
create policy import_job_delete on import_job for delete using (${within('write')});
alter table import_row_problem enable row level security;
alter table import_row_problem force row level security;
${PROBLEM_POLICIES}do $$ begin
  execute format('grant select, insert, update on import_job to %I', current_setting('app.role'));
  execute format('grant select, insert, update, delete on import_job to %I', current_setting('app.worker_role'));
  execute format('grant select on import_row_problem to %I', current_setting('app.role'));
  execute format('grant select, insert, delete on import_row_problem to %I', current_setting('app.worker_role'));
end $$;
`;

/** Import jobs, their files in chunks, what was wrong with rows, and which (branch, source, id) became which record. */
export class ImportTables1700000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES + POLICIES);
    await runner.query(branchOrGroupTable('import_record'));
    for (const table of ['import_chunk', 'import_trial']) await runner.query(plumbingTable(table));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table import_trial, import_record, import_row_problem, import_chunk, import_job',
    );
  }
}

/** For databases of the first release: there whoever saw a job could change what was found wrong in its rows. */
export class ImportProblems1700000000201 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const old = ['all', 'read', 'insert', 'delete'].map(
      (name) => `drop policy if exists import_row_problem_${name} on import_row_problem;`,
    );
    await runner.query(old.join('\n') + PROBLEM_POLICIES);
  }

  async down(): Promise<void> {
    return Promise.reject(new Error('rights that were too wide do not come back'));
  }
}

/** The tables of imports, for the migrations of every service that has import kinds. */
export const importMigrations: readonly MigrationClass[] = [
  ImportTables1700000000200,
  ImportProblems1700000000201,
];
