import { invalid } from '@steward/kernel';

/** How money comes in and goes out. */
export const METHODS = ['cash', 'transfer', 'card', 'wechat', 'alipay'] as const;
export type Method = (typeof METHODS)[number];

/**
 * Accounts of the ledger of a branch. Debts of customers and money are assets (a debit raises them); prepayments,
 * deposits and money of unknown payers are owed to customers; income stands by fee item.
 */
export type LedgerAccount =
  | 'receivable'
  | 'prepaid'
  | 'unmatched'
  | 'deposits'
  | 'write-off'
  | 'cash-difference'
  | 'safe'
  | `money:${Method}`
  | `income:${string}`;

/** One line of an entry in minor units: positive is a debit, negative a credit. */
export type Posting = Readonly<{ account: LedgerAccount; amount: bigint }>;

/** BIL-03: debit and credit of an amount; a negative amount is the same the other way round. */
export const transfer = (debit: LedgerAccount, credit: LedgerAccount, amount: bigint): Posting[] =>
  amount === 0n
    ? []
    : [
        { account: debit, amount },
        { account: credit, amount: -amount },
      ];

/**
 * BIL-03: puts postings into an entry: one line per account, none of zero. @throws DomainError `ledger.unbalanced`; what
 * does not balance is never stored.
 */
export function balanced(postings: readonly Posting[]): Posting[] {
  const sums = new Map<LedgerAccount, bigint>();
  for (const { account, amount } of postings) sums.set(account, (sums.get(account) ?? 0n) + amount);
  const lines = [...sums]
    .map(([account, amount]) => ({ account, amount }))
    .filter(({ amount }) => amount !== 0n);
  if (lines.reduce((sum, { amount }) => sum + amount, 0n) !== 0n)
    throw invalid('ledger.unbalanced', 'The lines of a ledger entry do not add up to zero.');
  return lines;
}

/** BIL-03: the entry that takes another one back; entries are never edited. */
export const reversed = (postings: readonly Posting[]): Posting[] =>
  postings.map(({ account, amount }) => ({ account, amount: -amount }));
