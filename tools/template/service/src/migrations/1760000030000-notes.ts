import { branchTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const NOTE = `
create table note (
  id uuid primary key,
  branch_id uuid not null,
  ticket_id uuid,
  text text not null,
  state text not null,
  written_by text not null,
  written_at timestamptz not null,
  closed_at timestamptz,
  version int not null
);
create index note_written on note (branch_id, written_at, id);
create index note_open_about on note (branch_id, ticket_id) where state = 'open';
`;

export class Notes1760000030000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(NOTE + branchTable('note', { rights: 'select, insert, update' }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table note;');
  }
}
