import { Injectable } from '@nestjs/common';
import { newId, notFound } from '@steward/kernel';
import type { CallContext, Tx } from '@steward/platform';
import { balanced, reversed, type LedgerAccount, type Posting } from './ledger.rules.js';

/** What an entry books. */
export const ENTRY_KINDS = [
  'charge',
  'payment',
  'allocation',
  'refund',
  'credit-note',
  'reversal',
  'cash-handover',
  'opening',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** An entry to book; `sourceId` names the charge, payment, note … that it books, `accountId` whose it is. */
export type NewEntry = Readonly<{
  branchId: string;
  siteId: string | null;
  accountId: string | null;
  kind: EntryKind;
  sourceId: string;
  /** The branch's local day. */
  bookedOn: string;
  currency: string;
  postings: readonly Posting[];
  /** The entry that this one takes back. */
  reversesId?: string;
}>;

type StoredPosting = Readonly<{
  branchId: string;
  siteId: string | null;
  accountId: string | null;
  sourceId: string;
  ledgerAccount: LedgerAccount;
  amount: string;
  currency: string;
}>;

const POST = `
with entry as (
  insert into journal_entry (id, branch_id, site_id, account_id, kind, source_id, booked_on, recorded_at, reverses_id)
  select id, branch_id, site_id, account_id, kind, source_id, booked_on, $2, reverses_id
  from jsonb_to_recordset($1::jsonb) r (id uuid, branch_id uuid, site_id uuid, account_id uuid, kind text,
    source_id uuid, booked_on date, reverses_id uuid)
  returning id)
insert into posting (entry_id, line, branch_id, site_id, account_id, booked_on, ledger_account, amount_minor, currency)
select r.id, line.at, r.branch_id, r.site_id, r.account_id, r.booked_on, line.one ->> 'account',
  (line.one ->> 'amount')::bigint, r.currency
from jsonb_to_recordset($1::jsonb) r (id uuid, branch_id uuid, site_id uuid, account_id uuid, booked_on date,
    currency text, postings jsonb)
  cross join lateral jsonb_array_elements(r.postings) with ordinality line (one, at)`;

/** BIL-03: the double-entry ledger of each branch; entries are added and taken back, never changed. */
@Injectable()
export class Ledger {
  /**
   * Books entries in one statement; one whose lines cancel each other is left out. Gives the ids of what was booked.
   * @throws DomainError `ledger.unbalanced`.
   */
  async post(tx: Tx, ctx: CallContext, entries: readonly NewEntry[]): Promise<string[]> {
    const rows = entries
      .map((entry) => ({ entry, lines: balanced(entry.postings) }))
      .filter(({ lines }) => lines.length > 0)
      .map(({ entry, lines }) => ({
        id: newId(ctx.now.getTime()),
        branch_id: entry.branchId,
        site_id: entry.siteId,
        account_id: entry.accountId,
        kind: entry.kind,
        source_id: entry.sourceId,
        booked_on: entry.bookedOn,
        reverses_id: entry.reversesId ?? null,
        currency: entry.currency,
        postings: lines.map(({ account, amount }) => ({ account, amount: String(amount) })),
      }));
    if (rows.length > 0) await tx.query(POST, [JSON.stringify(rows), ctx.now]);
    return rows.map(({ id }) => id);
  }

  /** Takes an entry back by its counter-entry; an entry is taken back once only. Gives the counter-entry's id. */
  async reverse(tx: Tx, ctx: CallContext, entryId: string, bookedOn: string): Promise<string> {
    const lines = await tx.query<StoredPosting>(
      `select p.branch_id "branchId", p.site_id "siteId", p.account_id "accountId", e.source_id "sourceId",
         p.ledger_account "ledgerAccount", p.amount_minor amount, p.currency
       from posting p join journal_entry e on e.id = p.entry_id where p.entry_id = $1 order by p.line`,
      [entryId],
    );
    const first = lines[0];
    if (!first) throw notFound('ledger.entry-not-found', 'There is no such ledger entry in your scope.');
    const { branchId, siteId, accountId, sourceId, currency } = first;
    const postings = reversed(
      lines.map(({ ledgerAccount, amount }) => ({ account: ledgerAccount, amount: BigInt(amount) })),
    );
    const entry = { branchId, siteId, accountId, sourceId, currency, bookedOn, postings } as const;
    const [id] = await this.post(tx, ctx, [{ ...entry, kind: 'reversal', reversesId: entryId }]);
    return id!;
  }

  /** The entries of a kind that book any of these. */
  async entriesOfAll(
    tx: Tx,
    sourceIds: readonly string[],
    kind: EntryKind,
  ): Promise<readonly Readonly<{ id: string; sourceId: string }>[]> {
    return tx.query(
      'select id, source_id "sourceId" from journal_entry where source_id = any ($1) and kind = $2',
      [sourceIds, kind],
    );
  }

  /** The entries that book something, oldest first. */
  async entriesOf(tx: Tx, sourceId: string): Promise<readonly Readonly<{ id: string; kind: EntryKind }>[]> {
    return tx.query('select id, kind from journal_entry where source_id = $1 order by recorded_at, id', [
      sourceId,
    ]);
  }
}
