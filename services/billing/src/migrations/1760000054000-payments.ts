import { branchTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

// `booked_on` is since when it stands on its account; `left_minor` is what no charge has taken and nobody got back; `till` is whose drawer the cash lies in.
const PAYMENT = `
create table payment (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid,
  account_id uuid,
  state text not null check (state in ('unmatched', 'booked', 'reversed')),
  method text not null,
  provider text,
  provider_id text,
  told_account text,
  told_invoice text,
  reference text,
  amount_minor bigint not null check (amount_minor > 0),
  left_minor bigint not null,
  returned_minor bigint not null default 0,
  currency text not null,
  received_on date not null,
  booked_on date,
  received_at timestamptz not null,
  recorded_at timestamptz not null,
  recorded_by text not null,
  till uuid,
  handover_id uuid,
  facts int not null default 0,
  version int not null,
  check ((provider is null) = (provider_id is null)),
  check (returned_minor between 0 and amount_minor),
  check (left_minor between 0 and amount_minor - returned_minor),
  check ((account_id is null) = (booked_on is null)),
  check (state <> 'booked' or account_id is not null),
  check (state <> 'unmatched' or account_id is null),
  foreign key (account_id, branch_id) references billing_account (id, branch_id),
  unique (id, branch_id)
);
create unique index payment_once on payment (branch_id, provider, provider_id);
create index payment_received on payment (branch_id, received_at, id);
create index payment_received_anywhere on payment (received_at, id);
create index payment_account on payment (account_id, received_at, id);
create index payment_credit on payment (account_id, received_at, id) where left_minor > 0 and state = 'booked';
create index payment_left on payment (branch_id, account_id) where left_minor > 0 and state = 'booked';
create index payment_unmatched on payment (branch_id, received_at, id) where state = 'unmatched';
create index payment_drawer on payment (branch_id, till, received_on) where till is not null and handover_id is null;
`;

// What of a payment pays for what of a charge; taking back adds a negative row. Nothing is ever changed.
const ALLOCATION = `
create table allocation (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid,
  account_id uuid not null,
  payment_id uuid not null,
  charge_id uuid not null,
  amount_minor bigint not null check (amount_minor <> 0),
  settled_on date not null,
  why text not null,
  foreign key (account_id, branch_id) references billing_account (id, branch_id),
  foreign key (payment_id, branch_id) references payment (id, branch_id),
  foreign key (charge_id, branch_id) references charge (id, branch_id)
);
create index allocation_payment on allocation (payment_id, id);
create index allocation_charge on allocation (charge_id, id);
create index allocation_settled on allocation (branch_id, settled_on);
`;

const RETURN = `
create table payment_return (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid,
  payment_id uuid not null,
  why text not null check (why in ('bounced', 'mistake', 'refunded')),
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  reason text not null,
  returned_on date not null,
  returned_at timestamptz not null,
  returned_by text not null,
  till uuid,
  handover_id uuid,
  foreign key (payment_id, branch_id) references payment (id, branch_id)
);
create index payment_return_day on payment_return (branch_id, returned_on);
create index payment_return_payment on payment_return (payment_id, id);
create index payment_return_drawer on payment_return (branch_id, till) where till is not null and handover_id is null;
`;

const RECEIPT = `
create table receipt (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid,
  payment_id uuid not null unique,
  account_id uuid not null,
  number text not null,
  amount_minor bigint not null,
  currency text not null,
  method text not null,
  received_on date not null,
  issued_at timestamptz not null,
  issued_by text not null,
  lines jsonb not null,
  voided_at timestamptz,
  unique (branch_id, number),
  foreign key (payment_id, branch_id) references payment (id, branch_id),
  foreign key (account_id, branch_id) references billing_account (id, branch_id)
);
create index receipt_issued on receipt (branch_id, issued_at, id);
create index receipt_issued_anywhere on receipt (issued_at, id);
`;

const HANDOVER = `
create table cash_handover (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid,
  cashier_id uuid not null,
  receiver_id uuid not null,
  business_day date not null,
  expected_minor bigint not null,
  counted_minor bigint not null check (counted_minor >= 0),
  currency text not null,
  pieces jsonb not null,
  payments int not null,
  returns int not null,
  explanation text,
  signature text not null,
  handed_over_at timestamptz not null,
  version int not null,
  check (receiver_id <> cashier_id),
  check (counted_minor = expected_minor or explanation is not null),
  unique (branch_id, cashier_id, business_day, currency)
);
create index cash_handover_day on cash_handover (branch_id, business_day, id);
create index cash_handover_day_anywhere on cash_handover (business_day, id);
`;

// For what is owed in a branch, and what was owed on an earlier day.
const ARREARS = `
create index charge_owed on charge (branch_id, due_on) where open_minor > 0;
create index charge_reversed on charge (branch_id, reversed_on) where reversed_on is not null;
`;

/** Money that came in, what it pays for, what went back, receipts, and cash handed over. */
export class Payments1760000054000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PAYMENT + ALLOCATION + RETURN + RECEIPT + HANDOVER + ARREARS);
    const changes =
      'site_id, account_id, booked_on, state, left_minor, returned_minor, handover_id, facts, version';
    const rights = {
      payment: `select, insert, update (${changes})`,
      allocation: 'select, insert',
      payment_return: 'select, insert, update (handover_id)',
      receipt: 'select, insert, update (voided_at)',
      cash_handover: 'select, insert',
    };
    for (const [table, allowed] of Object.entries(rights))
      await runner.query(branchTable(table, { site: true, rights: allowed }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table cash_handover, receipt, payment_return, allocation, payment; drop index charge_owed, charge_reversed;',
    );
  }
}
