import { randomUUID } from 'node:crypto';
import { declaredBy, type Declared, type SampleValues } from '@steward/testing';

const PLATFORM: Partial<Declared> = {
  plumbing: {
    schema_migration: 'all read',
    audit_head: 'worker',
    number_counter: 'worker',
    idempotency: 'worker',
  },
  ownerFunctions: {
    next_number: 'app and worker', // asks for the write scope itself
    idempotency_claim: 'app and worker', // the key is the secret of the client that made it
    idempotency_finish: 'app and worker',
    idempotency_seen: 'app and worker',
    idempotency_store: 'app and worker',
  },
};

const IMPORTS: Partial<Declared> = { plumbing: { import_chunk: 'worker', import_trial: 'worker' } };

const MESSAGING: Partial<Declared> = {
  plumbing: {
    outbox: 'worker, app inserts',
    outbox_refill: 'worker',
    personal_outbox: 'worker',
    inbox: 'worker',
    applied_sequence: 'worker',
    parked_event: 'worker',
    waiting_fact: 'worker',
  },
  ownerFunctions: {
    personal_outbox_put: 'app and worker', // asks for the write scope itself
    outbox_make_partition: 'worker',
    outbox_drop_partition: 'worker',
  },
};

const DIRECTORY: Partial<Declared> = {
  plumbing: Object.fromEntries(
    ['unit', 'grant', 'policy', 'calendar', 'person', 'closed_month', 'revision'].map(
      (name) => [`directory_${name}`, 'worker'] as const,
    ),
  ),
};

const OWN: Readonly<Record<string, Partial<Declared>>> = {
  accounts: {
    // found and written by the functions below only, which ask for the scope themselves
    plumbing: { customer_known: 'worker', customer_key: 'worker', customer_sighting: 'worker' },
    ownerFunctions: {
      customer_becomes_known: 'nobody',
      app_customer_known: 'app and worker',
      find_duplicates: 'app and worker',
      link_found_customer: 'app and worker',
      branches_of_customer: 'app and worker',
      keep_customer_keys: 'app and worker',
      merge_reaches_further: 'app and worker',
      carry_links: 'app and worker',
      take_back_links: 'app and worker',
      search_customers: 'app and worker',
    },
    notAlone: ['customer', 'customer_person'], // their link comes first
  },
  premises: { groupRowsRead: ['merged_customer'], notAlone: ['merged_customer'] },
  tickets: { groupRowsRead: ['merged_customer'], notAlone: ['merged_customer'] },
  billing: {
    groupRowsRead: ['merged_customer'],
    // an entry is added with all of its lines, a payment has one receipt
    notAlone: ['merged_customer', 'posting', 'receipt'],
  },
  insights: { plumbing: { generation: 'worker' } },
  organisation: {
    plumbing: { unit_above: 'worker, app inserts' },
    ownerFunctions: { app_units_above: 'app and worker' },
    groupKeys: {
      unit_code: 'branches and regions have one code in the whole group',
      unit_only_group: 'there is one group',
      employee_subject_key: 'a login is one person in the whole group',
      unit_parent_id_fkey: 'a check binds a site to its own branch',
    },
    groupRowsRead: ['calendar', 'calendar_version'],
  },
  partners: {
    groupKeys: {
      partner_event_pkey: 'places in the log are counted, not chosen; nobody but the log writes them',
    },
  },
};

/** Whose the row of a partner is: its scope names the partner in place of branches; the group has none of them. */
const NOBODY = '00000000-0000-4000-8000-000000000000';
const ofPartner: SampleValues[string] = ({ branch }) => ({ partner_id: branch ?? NOBODY });

/** What a service's database may hold beside tables under row-level security; a new table of plumbing is added here. */
export const declaredIn = (service: string): Declared =>
  declaredBy(PLATFORM, IMPORTS, MESSAGING, DIRECTORY, OWN[service] ?? {});

/** Values of rows that no type tells. */
export const SAMPLE_VALUES: SampleValues = {
  customer_branch: (_owner, idOf, first) => (first ? { customer_id: idOf('customer') } : {}),
  customer: (_owner, idOf, first) => ({ id: first ? idOf('customer') : randomUUID() }),
  customer_person: (_owner, idOf, first) => ({ customer_id: first ? idOf('customer') : randomUUID() }),
  contact: (_owner, idOf) => ({ customer_id: idOf('customer') }),
  merged_customer: ({ branch }) => (branch ? null : { into_customer_id: randomUUID() }),
  property_unit: (_owner, idOf) => ({ building_id: idOf('building') }),
  occupancy: (_owner, idOf) => ({ property_unit_id: idOf('property_unit') }),
  charge: (_owner, idOf) => ({
    account_id: idOf('billing_account'),
    ...{ kind: 'manual', amount_minor: 5, open_minor: 0 },
  }),
  month_closing_figure: (_owner, idOf) => ({
    closing_id: idOf('month_closing'),
    value: randomUUID(),
  }),
  ticket_tally: (_owner, idOf) => ({ cell_id: idOf('ticket_tally_cell') }),
  ticket_tally_touched: (_owner, idOf) => ({ cell_id: idOf('ticket_tally_cell') }),
  posting: (_owner, idOf) => ({ entry_id: idOf('journal_entry') }),
  invoice: (_owner, idOf) => ({ account_id: idOf('billing_account') }),
  credit_note: (_owner, idOf) => ({
    account_id: idOf('billing_account'),
    invoice_id: idOf('invoice'),
  }),
  tariff: (_owner, idOf) => ({ fee_item_id: idOf('fee_item') }),
  reading: (_owner, idOf, first) => ({
    meter_id: idOf('meter'),
    day: first ? '2026-03-02' : '2026-03-03',
  }),
  interval_reading: (_owner, idOf, first) => ({
    meter_id: idOf('meter'),
    starts_at: first ? '2026-03-02T01:00:00Z' : '2026-03-02T01:30:00Z',
  }),
  billing_run_line: (_owner, idOf) => ({ run_id: idOf('billing_run') }),
  billing_exception: (_owner, idOf) => ({ run_id: idOf('billing_run') }),
  shared_cost: (_owner, idOf) => ({ fee_item_id: idOf('fee_item') }),
  shared_cost_share: (_owner, idOf) => ({ shared_cost_id: idOf('shared_cost') }),
  payment: () => ({ state: 'unmatched', amount_minor: 5, left_minor: 5 }),
  allocation: (_owner, idOf) => ({
    account_id: idOf('billing_account'),
    ...{ payment_id: idOf('payment'), charge_id: idOf('charge') },
  }),
  payment_return: (_owner, idOf) => ({ payment_id: idOf('payment') }),
  receipt: (_owner, idOf, first) => ({
    account_id: idOf('billing_account'),
    payment_id: first ? idOf('payment') : randomUUID(),
  }),
  cash_handover: () => ({ expected_minor: 5, counted_minor: 5 }),
  import_job: ({ branch, site }) => ({ units: branch ? [site ?? branch] : null, state: 'done' }),
  import_row_problem: (_owner, idOf) => ({ job_id: idOf('import_job') }),
  unit: ({ branch }) => ({ kind: branch ? 'site' : 'region', parent_id: null }),
  calendar_version: (_owner, idOf) => ({ calendar_id: idOf('calendar') }),
  policy_value: (_owner, idOf) => ({ policy_id: idOf('policy') }),
  partner_grant: ofPartner,
  endpoint: ofPartner,
  subscription: ofPartner,
  subscription_cursor: ofPartner,
  subscription_secret: ofPartner,
  parked_delivery: ofPartner,
  delivery_attempt: ofPartner,
};
