import { UNITS } from '../load/counting-house.js';
import { accepted, compareByKey, grouped, type Checked, type Evidence, type Finding } from './evidence.js';

const PLACE = 'steward_billing';

/** Each accepted payment is booked once, however often it was told; each month is charged once per unit. */
export async function checkMoney(evidence: Evidence): Promise<Checked> {
  const parts = [
    await payments(evidence),
    await charges(evidence),
    await books(evidence),
    await papers(evidence),
  ];
  return {
    name: 'money: once, and in balance',
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

type Part = Omit<Checked, 'name'>;

async function payments({ commands, sql }: Evidence): Promise<Part> {
  const told = commands.filter((command) => accepted(command) && command.path === '/payments');
  const ids = grouped(told, ({ body }) => (body as { providerId: string }).providerId);
  const where = `${PLACE}.payment`;
  const findings = [...ids]
    .filter(([, of]) => new Set(of.map(({ answer }) => answer.id)).size > 1)
    .map(([id]): Finding => ({ what: `payment ${id} was answered with two ids`, where }));
  const rows = await sql<{ provider_id: string; id: string }>(
    'billing',
    `select provider_id, id from payment where provider = 'bank'`,
  );
  const should = new Map([...ids].map(([id, of]) => [id, of[0]!.answer.id!]));
  const is = new Map(rows.map((row) => [row.provider_id, row.id]));
  if (is.size !== rows.length) findings.push({ what: 'a payment was booked twice', where });
  findings.push(...compareByKey(should, is, 'payment', where));
  return { rows: rows.length, findings };
}

async function charges({ sql }: Evidence): Promise<Part> {
  const where = `${PLACE}.charge`;
  const rows = await sql<{ period: string; charges: number; units: number; amounts: number }>(
    'billing',
    `select to_char(service_from, 'YYYY-MM') period, count(*)::int charges, count(distinct property_unit_id)::int units,
            count(distinct amount_minor)::int amounts
     from charge where kind = 'run' and reversed_on is null group by 1`,
  );
  const done = await sql<{ period: string }>(
    'billing',
    `select distinct period from billing_run where state = 'done' and not dry_run`,
  );
  const of = new Map(rows.map((row) => [row.period, row]));
  const findings = done.flatMap(({ period }): Finding[] => {
    const row = of.get(period);
    const right = row?.charges === UNITS && row.units === UNITS && row.amounts === 1;
    return right
      ? []
      : [{ what: `${period} has ${JSON.stringify(row)}, should have ${UNITS} units once`, where }];
  });
  return { rows: done.length, findings };
}

/** Sums that have to be zero, and what does not fit otherwise: each row is a finding. */
const BOOKS: readonly string[] = [
  `select 'the ledger sums to ' || sum(amount_minor) what from posting having sum(amount_minor) <> 0`,
  `select 'entry ' || entry_id || ' sums to ' || sum(amount_minor) what from posting group by entry_id having sum(amount_minor) <> 0`,
  `select 'receivable is ' || p.total || ', open charges are ' || c.total what
   from (select coalesce(sum(amount_minor), 0) total from posting where ledger_account = 'receivable') p,
        (select coalesce(sum(open_minor), 0) total from charge) c where p.total <> c.total`,
  `select 'prepaid is ' || p.total || ', left of payments is ' || l.total what
   from (select coalesce(-sum(amount_minor), 0) total from posting where ledger_account = 'prepaid') p,
        (select coalesce(sum(left_minor), 0) total from payment where state = 'booked') l where p.total <> l.total`,
  `select 'charge ' || c.id || ' is open with ' || open_minor || ', should be ' || amount_minor - credited_minor - a.paid what
   from charge c, lateral (select coalesce(sum(amount_minor), 0) paid from allocation where charge_id = c.id) a
   where reversed_on is null and open_minor <> amount_minor - credited_minor - a.paid`,
  `select 'payment ' || p.id || ' has no receipt' what from payment p
   where state = 'booked' and not exists (select from receipt r where r.payment_id = p.id)`,
];

async function books({ sql }: Evidence): Promise<Part> {
  const findings: Finding[] = [];
  for (const text of BOOKS)
    for (const { what } of await sql<{ what: string }>('billing', text))
      findings.push({ what, where: PLACE });
  const [count] = await sql<{ rows: number }>('billing', 'select count(*)::int rows from posting');
  return { rows: count!.rows, findings };
}

/** Invoices and receipts are numbered 1, 2, 3 … per branch and year. */
async function papers({ sql }: Evidence): Promise<Part> {
  const findings: Finding[] = [];
  let rows = 0;
  for (const table of ['invoice', 'receipt']) {
    const numbers = await sql<{ series: string; place: number }>(
      'billing',
      `select branch_id || ' ' || substring(number from '-(\\d{4})-\\d+$') series,
              substring(number from '(\\d+)$')::int place from ${table} order by 1, 2`,
    );
    rows += numbers.length;
    for (const [series, of] of grouped(numbers, (row) => row.series))
      of.forEach(({ place }, index) => {
        if (place !== index + 1)
          findings.push({
            what: `${series}: number ${place} stands where ${index + 1} should`,
            where: table,
          });
      });
  }
  return { rows, findings };
}
