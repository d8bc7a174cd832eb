import { branchTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

// A charge is put on its invoice soon after it is raised. While nothing indexes `invoice_id` and a page has room for a
// second version of its rows, that change stays on the page and touches none of the dozen indexes.
const UP = `
drop index charge_invoice, charge_uninvoiced;
alter table charge set (fillfactor = 50);
create table charge_to_invoice (
  charge_id uuid not null,
  branch_id uuid not null,
  site_id uuid,
  account_id uuid not null,
  service_to date not null,
  primary key (branch_id, account_id, charge_id)
);
alter table charge no force row level security;
insert into charge_to_invoice (charge_id, branch_id, site_id, account_id, service_to)
select id, branch_id, site_id, account_id, service_to from charge where invoice_id is null and reversed_on is null;
alter table charge force row level security;
`;

const DOWN = `
drop table charge_to_invoice;
alter table charge reset (fillfactor);
create index charge_uninvoiced on charge (branch_id, account_id, id) where invoice_id is null and reversed_on is null;
create index charge_invoice on charge (invoice_id) where invoice_id is not null;
`;

/** What stands on no invoice yet is a list of its own (BIL-07). */
export class ChargesToInvoice1760000057000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
    await runner.query(branchTable('charge_to_invoice', { site: true, rights: 'select, insert, delete' }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
