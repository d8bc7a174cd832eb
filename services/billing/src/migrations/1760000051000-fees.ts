import { referenceTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
create table fee_item (
  id uuid primary key,
  branch_id uuid not null,
  code text not null,
  name text not null,
  kind text not null,
  medium text,
  uses text[] not null default '{}',
  payer text not null,
  due_days int not null,
  active boolean not null,
  version int not null,
  unique (branch_id, code),
  unique (id, branch_id)
);
create table tariff (
  id uuid primary key,
  branch_id uuid not null,
  fee_item_id uuid not null,
  for_site_id uuid,
  use text,
  area_from numeric,
  area_below numeric,
  valid_from date not null,
  valid_to date,
  document text not null,
  terms jsonb not null,
  state text not null check (state in ('draft', 'published', 'withdrawn')),
  published_at timestamptz,
  version int not null,
  check (valid_to >= valid_from),
  foreign key (fee_item_id, branch_id) references fee_item (id, branch_id)
);
create unique index tariff_published on tariff (branch_id, fee_item_id, valid_from, for_site_id, use, area_from, area_below)
  nulls not distinct where state = 'published';
create index tariff_list on tariff (valid_from, id);
-- what charges were made by does not change
create function tariff_keeps() returns trigger language plpgsql as $$
begin
  if old.state <> 'draft' then raise exception 'a published or withdrawn tariff does not change'; end if;
  return new;
end $$;
create trigger tariff_keeps before update on tariff for each row execute function tariff_keeps();
`;

/** What may be charged and at which prices (BIL-01, BIL-02). */
export class Fees1760000051000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const table of ['fee_item', 'tariff'])
      await runner.query(referenceTable(table, { rights: 'select, insert, update' }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table tariff, fee_item; drop function tariff_keeps();');
  }
}
