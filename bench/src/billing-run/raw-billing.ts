import { idOf, SampleRows } from '../world/sample-rows.js';
import type { ServiceWorld } from '../world/service-world.js';

/** What the baseline selects from: the lines to charge, with their accounts; made beforehand. */
export async function fillSource(world: ServiceWorld, baseline: string, items: number): Promise<void> {
  await world.rows(
    `create table source_account as select row_number() over (order by id) n, a.* from billing_account a;
     create table source_line as
     select (a.n - 1) * ${items} + i n, a.n account_n, a.id account_id, a.customer_id, a.property_unit_id, a.site_id,
       'fee-' || i fee_item_code, 10000 + (a.n * 37 + i) % 90000 amount
     from source_account a cross join generate_series(1, ${items}) i order by 1;
     analyze source_account, source_line`,
    baseline,
  );
}

/** Keeps one row of each kind that ours wrote. */
async function takeSamples(world: ServiceWorld, rows: SampleRows): Promise<void> {
  const [one] = await world.rows<{ charge: string; invoice: string }>(
    'select id charge, invoice_id invoice from charge order by id limit 1',
  );
  const [charge, invoice] = [`'${one!.charge}'`, `'${one!.invoice}'`];
  await rows.take('charge', `id = ${charge}`);
  await rows.take('journal_entry', `source_id = ${charge}`);
  await rows.take('posting', `entry_id = (select id from journal_entry where source_id = ${charge})`);
  await rows.take('outbox', `aggregateid = ${charge}`, 'charge_fact');
  await rows.take('invoice', `id = ${invoice}`);
  await rows.take('outbox', `aggregateid = ${invoice}`, 'invoice_fact');
  await rows.take('audit', `entity_id = ${invoice}`);
}

/** What is not yet published. */
const UNPUBLISHED = {
  ...{ published_at: 'null', kafka_partition: 'null', kafka_offset: 'null', recorded_at: 'now()' },
};

/** The baseline's statements: rows as a run and its invoices wrote them for one line, for each line of the source. */
export async function sampledStatements(world: ServiceWorld, baseline: string): Promise<string[]> {
  const rows = SampleRows.of(world, baseline);
  await takeSamples(world, rows);
  const [chargeId, entryId, invoiceOf] = [idOf('l.n', '11'), idOf('l.n', '12'), idOf('l.account_n', '13')];
  const invoiceId = idOf('a.n', '13');
  const placed = { site_id: 'l.site_id', account_id: 'l.account_id' };
  return [
    await rows.insert('invoice', 'source_account a', {
      ...{ id: invoiceId, number: `'I-' || lpad(a.n::text, 9, '0')`, account_id: 'a.id' },
      ...{ customer_id: 'a.customer_id', property_unit_id: 'a.property_unit_id', site_id: 'a.site_id' },
    }),
    await rows.insert('charge', 'source_line l', {
      ...placed,
      ...{ id: chargeId, customer_id: 'l.customer_id', property_unit_id: 'l.property_unit_id' },
      ...{ fee_item_code: 'l.fee_item_code', amount_minor: 'l.amount', open_minor: 'l.amount' },
      invoice_id: invoiceOf,
    }),
    await rows.insert('journal_entry', 'source_line l', { ...placed, id: entryId, source_id: chargeId }),
    await rows.insert('posting', 'source_line l', {
      ...placed,
      ...{ entry_id: entryId, amount_minor: 'l.amount * sign(s.amount_minor)' },
    }),
    await rows.insert(
      'outbox',
      'source_line l',
      { ...UNPUBLISHED, id: idOf('l.n', '14'), aggregateid: chargeId, shard: 'l.n % 16' },
      'charge_fact',
    ),
    await rows.insert(
      'outbox',
      'source_account a',
      { ...UNPUBLISHED, id: idOf('a.n', '15'), aggregateid: invoiceId, shard: 'a.n % 16' },
      'invoice_fact',
    ),
    await rows.insert('audit', 'source_account a', {
      ...{ id: idOf('a.n', '16'), entity_id: invoiceId, chain_seq: 'null', chain_hash: 'null' },
    }),
  ];
}
