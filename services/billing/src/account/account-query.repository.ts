import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { AccountsQuery } from './account.dto.js';
import type { Account } from './account.repository.js';

/** What is open on an account and what of its payments is left, in minor units as text, by currency. */
export type Balance = Readonly<{ currency: string; open: string; credit: string }>;
export type AccountState = Account & Readonly<{ balances: readonly Balance[] }>;

const COLUMNS = `a.id, a.branch_id "branchId", a.site_id "siteId", a.customer_id "customerId",
  a.property_unit_id "propertyUnitId", a.payer_id "payerId", a.opened_on::text "openedOn", a.version, of_it.balances`;

const FROM = `billing_account a cross join lateral (
  select coalesce(jsonb_agg(jsonb_build_object('currency', b.currency, 'open', b.open::text, 'credit', b.credit::text)
    order by b.currency), '[]') balances
  from (
    select currency, sum(open) open, sum(credit) credit from (
      select currency, open_minor open, 0 credit from charge where account_id = a.id and open_minor > 0
      union all
      select currency, 0, -amount_minor from posting where account_id = a.id and ledger_account = 'prepaid') parts
    group by currency having sum(open) <> 0 or sum(credit) <> 0) b) of_it`;

/** Reads accounts with what is owed on them. */
@Injectable()
export class AccountQueryRepository {
  async find(tx: Tx, id: string): Promise<AccountState | null> {
    const [row] = await tx.query<AccountState>(`select ${COLUMNS} from ${FROM} where a.id = $1`, [id]);
    return row ?? null;
  }

  async list(tx: Tx, query: AccountsQuery): Promise<Page<AccountState>> {
    const where: string[] = [];
    const values: unknown[] = [];
    if (query.branchId !== undefined) where.push(`a.branch_id = $${values.push(query.branchId)}`);
    if (query.propertyUnitId !== undefined)
      where.push(`a.property_unit_id = $${values.push(query.propertyUnitId)}`);
    if (query.customerIds) where.push(`a.customer_id = any ($${values.push(query.customerIds)})`);
    if (query.owing !== undefined)
      where.push(
        `${query.owing ? '' : 'not '}exists (select from charge c where c.account_id = a.id and c.open_minor > 0)`,
      );
    const page = keyset(
      query,
      { openedOn: { column: 'a.opened_on', type: 'date' } },
      { id: 'a.id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<AccountState & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from ${FROM} where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...account }) => account);
  }
}
