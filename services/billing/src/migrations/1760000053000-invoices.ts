import { branchTable, referenceTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

// What was issued never changes: the rows take no update, and hold what they show.
const INVOICES = `
create table invoice (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid,
  number text not null,
  account_id uuid not null,
  customer_id uuid not null,
  property_unit_id uuid,
  issued_on date not null,
  due_on date not null,
  total_minor bigint not null,
  currency text not null,
  lines jsonb not null,
  issued_at timestamptz not null,
  unique (branch_id, number),
  unique (id, branch_id),
  foreign key (account_id, branch_id) references billing_account (id, branch_id)
);
create index invoice_account on invoice (account_id, issued_on, id);
create index invoice_customer on invoice (customer_id, issued_on, id);
create index invoice_branch on invoice (branch_id, issued_on, id);
create index invoice_order on invoice (number, id);
create index charge_invoice on charge (invoice_id) where invoice_id is not null;
`;

const NOTES = `
create table credit_note (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid,
  number text not null,
  invoice_id uuid not null,
  account_id uuid not null,
  customer_id uuid not null,
  issued_on date not null,
  total_minor bigint not null check (total_minor > 0),
  currency text not null,
  lines jsonb not null,
  reason text not null,
  issued_at timestamptz not null,
  unique (branch_id, number),
  foreign key (account_id, branch_id) references billing_account (id, branch_id),
  foreign key (invoice_id, branch_id) references invoice (id, branch_id)
);
create index credit_note_invoice on credit_note (invoice_id, id);
create index credit_note_account on credit_note (account_id, issued_on, id);
create index credit_note_branch on credit_note (branch_id, issued_on, id);
`;

// Printed on statements; goes when it is erased where it comes from (ORG-04).
const NAMES = `
create table customer_name (
  branch_id uuid not null,
  customer_id uuid not null,
  name text not null,
  primary key (branch_id, customer_id)
);
create index customer_name_customer on customer_name (customer_id);
`;

/** Invoices, credit notes, and the names that are printed on statements. */
export class Invoices1760000053000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INVOICES + NOTES + NAMES);
    await runner.query(
      branchTable('invoice', { site: true, rights: 'select, insert' }) +
        branchTable('credit_note', { site: true, rights: 'select, insert' }) +
        referenceTable('customer_name'),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table customer_name, credit_note, invoice; drop index charge_invoice;');
  }
}
