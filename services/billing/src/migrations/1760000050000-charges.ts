import { branchTable, groupTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

// An account is of a customer for a unit, or of a customer alone; who pays may be somebody else.
const ACCOUNTS = `
create table billing_account (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid,
  customer_id uuid not null,
  property_unit_id uuid,
  payer_id uuid not null,
  opened_on date not null,
  version int not null,
  unique nulls not distinct (branch_id, customer_id, property_unit_id),
  unique (id, branch_id)
);
create index billing_account_customer on billing_account (customer_id, id);
create index billing_account_unit on billing_account (property_unit_id, id);
create table merged_customer (
  customer_id uuid primary key,
  into_customer_id uuid not null
);
create index merged_customer_into on merged_customer (into_customer_id);
create table property_unit (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid not null,
  building_id uuid not null,
  code text not null,
  use text not null,
  area numeric,
  active boolean not null
);
create index property_unit_branch on property_unit (branch_id, id);
`;

// Nothing is charged twice: live charges of a unit (or of an account without one), meter and item never overlap in
// their days of service. Work is charged once per quote, and a debt taken over from elsewhere once per its reference.
const CHARGES = `
create extension if not exists btree_gist;
create table charge (
  id uuid not null,
  branch_id uuid not null,
  site_id uuid,
  account_id uuid not null,
  customer_id uuid,
  property_unit_id uuid,
  meter_id uuid,
  fee_item_code text not null,
  kind text not null check (kind in ('run', 'ticket', 'manual')),
  run_id uuid,
  ticket_id uuid,
  quote_id uuid,
  reference text,
  service_from date not null,
  service_to date not null,
  amount_minor bigint not null check (amount_minor >= 0),
  credited_minor bigint not null default 0,
  open_minor bigint not null,
  currency text not null,
  booked_on date not null,
  due_on date not null,
  raised_at timestamptz not null,
  explanation jsonb not null,
  tariff_ids uuid[] not null default '{}',
  invoice_id uuid,
  reversed_on date,
  version int not null,
  check (service_to >= service_from),
  check (credited_minor between 0 and amount_minor),
  check (open_minor between 0 and amount_minor - credited_minor),
  check ((kind = 'ticket') = (ticket_id is not null and quote_id is not null)),
  check ((kind = 'run') = (run_id is not null)),
  check (reference is null or kind = 'manual'),
  check (reversed_on is null or open_minor = 0),
  primary key (id, branch_id),
  foreign key (account_id, branch_id) references billing_account (id, branch_id),
  constraint charge_once exclude using gist (
    coalesce(property_unit_id, account_id) with =,
    coalesce(meter_id, '00000000-0000-0000-0000-000000000000') with =,
    fee_item_code with =,
    daterange(service_from, service_to, '[]') with &&
  ) where (kind <> 'ticket' and reference is null and reversed_on is null)
);
create unique index charge_work on charge (branch_id, ticket_id, quote_id) where kind = 'ticket' and reversed_on is null;
create unique index charge_reference on charge (branch_id, reference) where reference is not null and reversed_on is null;
create index charge_open on charge (account_id, due_on, raised_at, id) where open_minor > 0;
create index charge_account on charge (account_id, id);
create index charge_unit on charge (property_unit_id, id);
create index charge_run on charge (run_id, id) where run_id is not null;
create index charge_uninvoiced on charge (branch_id, account_id, id) where invoice_id is null and reversed_on is null;
create index charge_branch on charge (branch_id, raised_at, id);
create index charge_order on charge (raised_at, id);
create index charge_ticket on charge (ticket_id, id) where ticket_id is not null;
`;

// The rules balance each entry, and the table takes nothing that does not: what one statement adds to an entry adds up
// to zero, per currency, so every entry and the whole ledger always do. Nobody updates or deletes.
const LEDGER = `
create table journal_entry (
  id uuid not null,
  branch_id uuid not null,
  site_id uuid,
  account_id uuid,
  kind text not null,
  source_id uuid not null,
  booked_on date not null,
  recorded_at timestamptz not null,
  reverses_id uuid unique,
  primary key (id, branch_id),
  foreign key (reverses_id, branch_id) references journal_entry (id, branch_id)
);
create index journal_entry_source on journal_entry (source_id);
create index journal_entry_account on journal_entry (account_id, booked_on, id);
create index journal_entry_branch on journal_entry (branch_id, booked_on, id);
create table posting (
  entry_id uuid not null,
  line smallint not null,
  branch_id uuid not null,
  site_id uuid,
  account_id uuid,
  booked_on date not null,
  ledger_account text not null,
  amount_minor bigint not null check (amount_minor <> 0),
  currency text not null,
  primary key (entry_id, line),
  foreign key (entry_id, branch_id) references journal_entry (id, branch_id)
);
create index posting_branch on posting (branch_id, ledger_account, booked_on);
create index posting_account on posting (account_id, ledger_account, booked_on);
create function posting_balanced() returns trigger language plpgsql as $$
begin
  if exists (select from added group by entry_id, currency having sum(amount_minor) <> 0)
  or exists (select from added group by entry_id having count(distinct branch_id) > 1) then
    raise exception 'a ledger entry does not add up to zero' using errcode = '23514', constraint = 'posting_balanced';
  end if;
  return null;
end $$;
create trigger posting_balanced after insert on posting referencing new table as added
  for each statement execute function posting_balanced();
create function ledger_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only' using errcode = '42501';
end $$;
create trigger journal_entry_append_only before update or delete on journal_entry
  for each row execute function ledger_append_only();
create trigger posting_append_only before update or delete on posting
  for each row execute function ledger_append_only();
`;

const CHARGE_CHANGES = 'credited_minor, open_minor, invoice_id, reversed_on, version';

/** Accounts, charges and the ledger, and the small copies of customers and units. */
export class Charges1760000050000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ACCOUNTS + CHARGES + LEDGER);
    const rights = {
      billing_account: 'select, insert, update',
      property_unit: 'select, insert, update',
      charge: `select, insert, update (${CHARGE_CHANGES})`,
      journal_entry: 'select, insert',
      posting: 'select, insert',
    };
    for (const [table, allowed] of Object.entries(rights))
      await runner.query(branchTable(table, { site: true, rights: allowed }));
    await runner.query(groupTable('merged_customer'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table posting, journal_entry, charge, property_unit, merged_customer, billing_account;
       drop function posting_balanced, ledger_append_only;`,
    );
  }
}
