import { branchTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

// Besides the builds of the read model: a rebuild neither changes nor loses what was closed.
const STATEMENT = `
alter table month_closing add unique (id, branch_id);
create table month_closing_figure (
  id uuid primary key,
  closing_id uuid not null,
  branch_id uuid not null,
  dimension text not null check (dimension in ('total', 'kind', 'category', 'currency')),
  value text,
  figures jsonb not null,
  digests jsonb not null,
  unique nulls not distinct (closing_id, branch_id, dimension, value),
  foreign key (closing_id, branch_id) references month_closing (id, branch_id)
);
create function closing_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'what was closed stays as it is' using errcode = '42501';
end $$;
create trigger month_closing_append_only before update or delete on month_closing
  for each row execute function closing_append_only();
create trigger month_closing_figure_append_only before update or delete on month_closing_figure
  for each row execute function closing_append_only();
do $$ begin
  execute format('revoke update, delete on month_closing from %I, %I', current_setting('app.role'), current_setting('app.worker_role'));
end $$;
`;

/** The figures of a month as they were when it was closed, kept for ever (GRP-02). */
export class ClosingStatements1760000022000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(STATEMENT + branchTable('month_closing_figure', { rights: 'select, insert' }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table month_closing_figure;
      drop trigger month_closing_append_only on month_closing;
      drop function closing_append_only;
      alter table month_closing drop constraint month_closing_id_branch_id_key;
      do $$ begin
        execute format('grant update, delete on month_closing to %I, %I', current_setting('app.role'), current_setting('app.worker_role'));
      end $$;`);
  }
}
