import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { EntriesQuery, TrialBalanceQuery } from './ledger.dto.js';
import type { EntryKind } from './ledger.repository.js';

/** An entry with its lines, amounts in minor units as text. */
export type StoredEntry = Readonly<{
  id: string;
  branchId: string;
  siteId: string | null;
  accountId: string | null;
  kind: EntryKind;
  sourceId: string;
  bookedOn: string;
  recordedAt: Date;
  reversesId: string | null;
  postings: readonly Readonly<{ account: string; minor: string; currency: string }>[];
}>;

export type TrialLine = Readonly<{ account: string; currency: string; debit: string; credit: string }>;

const COLUMNS = `e.id, e.branch_id "branchId", e.site_id "siteId", e.account_id "accountId", e.kind,
  e.source_id "sourceId", e.booked_on::text "bookedOn", e.recorded_at "recordedAt", e.reverses_id "reversesId",
  (select coalesce(jsonb_agg(jsonb_build_object('account', p.ledger_account, 'minor', p.amount_minor::text,
     'currency', p.currency) order by p.line), '[]') from posting p where p.entry_id = e.id) postings`;
const EQUALS = {
  branchId: 'branch_id',
  accountId: 'account_id',
  sourceId: 'source_id',
  kind: 'kind',
} as const;

/** Reads the books. */
@Injectable()
export class LedgerQueryRepository {
  async list(tx: Tx, query: EntriesQuery): Promise<Page<StoredEntry>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const value = query[field as keyof typeof EQUALS];
      if (value !== undefined) where.push(`e.${column} = $${values.push(value)}`);
    }
    if (query.from !== undefined) where.push(`e.booked_on >= $${values.push(query.from)}`);
    if (query.to !== undefined) where.push(`e.booked_on <= $${values.push(query.to)}`);
    const page = keyset(
      query,
      { bookedOn: { column: 'e.booked_on', type: 'date' } },
      { id: 'e.id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<StoredEntry & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from journal_entry e where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...entry }) => entry);
  }

  /** Turnover of every account of the ledger. */
  async trialBalance(tx: Tx, { branchId, from, to }: TrialBalanceQuery): Promise<TrialLine[]> {
    return tx.query<TrialLine>(
      `select ledger_account account, currency,
         coalesce(sum(amount_minor) filter (where amount_minor > 0), 0)::text debit,
         coalesce(-sum(amount_minor) filter (where amount_minor < 0), 0)::text credit
       from posting where branch_id = $1 and ($2::date is null or booked_on >= $2)
         and ($3::date is null or booked_on <= $3)
       group by ledger_account, currency order by ledger_account, currency`,
      [branchId, from ?? null, to ?? null],
    );
  }
}
