import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { ArrearsQuery } from './arrears.dto.js';
import { AGES } from './arrears.rules.js';

/** Sums in minor units as text, by the names of the answer. */
export type ArrearsSums = Readonly<Record<(typeof SUMS)[number], string>>;
export type ArrearsRow = ArrearsSums & Readonly<{ id: string; oldestDueOn: string | null }>;
export type ArrearsTotals = ArrearsSums & Readonly<{ customers: number; lateCustomers: number }>;

/** Of what the arrears are asked. */
export type ArrearsOf = Readonly<{
  branchId: string;
  siteId?: string | undefined;
  asOf: string;
  currency: string;
}>;

export const SUMS = ['total', 'notDue', 'overdue', ...AGES.map(({ name }) => name), 'credit'] as const;

// What was open at the end of a day is what is open now and what was settled, credited or taken back since; so only
// charges that are open or were touched after that day are looked at. The same for what is left of payments.
const STANDING = `
with settled as (
  select charge_id, payment_id, amount_minor from allocation
  where branch_id = $1 and settled_on > $2 and ($4::uuid is null or site_id = $4)),
credited as (
  select (line ->> 'chargeId')::uuid charge_id, (line ->> 'amountMinor')::bigint amount_minor
  from credit_note cross join lateral jsonb_array_elements(lines) line
  where branch_id = $1 and issued_on > $2 and ($4::uuid is null or site_id = $4)),
since as (
  select id, sum(amount_minor) amount from (
    select charge_id id, amount_minor from settled
    union all select charge_id, amount_minor from credited
    union all select id, amount_minor from charge where branch_id = $1 and reversed_on > $2
    union all select id, 0 from charge where branch_id = $1 and open_minor > 0) touched group by id),
debt as (
  select c.account_id, c.due_on, c.open_minor + since.amount open
  from since join charge c on c.id = since.id
  where c.branch_id = $1 and c.currency = $3 and c.booked_on <= $2 and ($4::uuid is null or c.site_id = $4)),
given as (
  select payment_id, sum(amount_minor) amount from payment_return
  where branch_id = $1 and returned_on > $2 group by 1),
credit as (
  select p.account_id, p.left_minor + coalesce(s.amount, 0) + coalesce(g.amount, 0) amount
  from payment p left join (select payment_id, sum(amount_minor) amount from settled group by 1) s on s.payment_id = p.id
    left join given g on g.payment_id = p.id
  where p.branch_id = $1 and p.currency = $3 and p.booked_on <= $2 and ($4::uuid is null or p.site_id = $4)
    and (p.left_minor > 0 or s.payment_id is not null or g.payment_id is not null)),
standing as (
  select account_id, due_on, open, 0 credit from debt where open <> 0
  union all select account_id, null, 0, amount from credit where amount <> 0)`;

const bucket = ({ name, upTo }: (typeof AGES)[number], above: number): string => {
  const below = upTo === null ? '' : ` and $2::date - due_on <= ${upTo}`;
  return `coalesce(sum(open) filter (where $2::date - due_on > ${above}${below}), 0)::bigint "${name}"`;
};

const MEASURES = [
  'sum(open)::bigint total',
  'coalesce(sum(open) filter (where due_on >= $2), 0)::bigint "notDue"',
  'coalesce(sum(open) filter (where due_on < $2), 0)::bigint overdue',
  ...AGES.map((age, at) => bucket(age, AGES[at - 1]?.upTo ?? 0)),
  'sum(credit)::bigint credit',
].join(', ');

const BY = { customer: 'coalesce(m.into_customer_id, a.customer_id)', account: 'a.id' } as const;

const rowsBy = (by: keyof typeof BY, where: string): string => `${STANDING},
row as (
  select ${BY[by]} id, ${MEASURES}, min(due_on) filter (where due_on < $2 and open > 0) "oldestDueOn"
  from standing join billing_account a on a.id = account_id
    left join merged_customer m on m.customer_id = a.customer_id
  where ${where} group by 1)`;

const valuesOf = ({ branchId, asOf, currency, siteId }: ArrearsOf): unknown[] => [
  branchId,
  asOf,
  currency,
  siteId ?? null,
];

/** Arrears as SQL. */
@Injectable()
export class ArrearsRepository {
  async list(tx: Tx, query: ArrearsQuery & Readonly<{ asOf: string }>): Promise<Page<ArrearsRow>> {
    const values = valuesOf(query);
    const whose =
      query.customerId === undefined ? 'true' : `${BY.customer} = $${values.push(query.customerId)}`;
    const page = keyset(
      query,
      {
        overdue: { column: 'overdue', type: 'bigint' },
        oldestDueOn: { column: `coalesce("oldestDueOn", 'infinity')`, type: 'date' },
        id: { column: 'id', type: 'uuid' },
      },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const late = query.late === undefined ? 'true' : `("oldestDueOn" is not null) = ${query.late}`;
    const rows = await tx.query<ArrearsRow & KeyedRow>(
      `${rowsBy(query.by, whose)}
       select id, ${SUMS.map((name) => `"${name}"::text`).join(', ')}, "oldestDueOn"::text, ${page.select} from row
       where ${late} and ${page.where} order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...row }) => row);
  }

  async summary(tx: Tx, of: ArrearsOf): Promise<ArrearsTotals> {
    const [row] = await tx.query<ArrearsTotals>(
      `${rowsBy('customer', 'true')}
       select ${SUMS.map((name) => `coalesce(sum("${name}"), 0)::text "${name}"`).join(', ')},
         count(*)::int customers, count("oldestDueOn")::int "lateCustomers" from row`,
      valuesOf(of),
    );
    return row!;
  }
}
