import { balanced, transfer, type LedgerAccount, type Posting } from '../ledger/ledger.rules.js';

/** Part of a payment that pays for a charge from a day on, in minor units. */
export type DatedShare = Readonly<{ amount: bigint; settledOn: string }>;

/** An entry of the ledger on a local day. */
export type DatedEntry = Readonly<{
  kind: 'payment' | 'allocation';
  bookedOn: string;
  postings: readonly Posting[];
}>;

/**
 * BIL-03: books money on a day: against what is owed as far as it settles something that day, else as a prepayment,
 * which settles the rest on the later days on which it is owed. `from` is where the money comes from.
 */
export function bookMoney(
  from: LedgerAccount,
  on: string,
  amount: bigint,
  shares: readonly DatedShare[],
): DatedEntry[] {
  const byDay = new Map<string, bigint>();
  for (const share of shares) {
    const day = share.settledOn > on ? share.settledOn : on;
    byDay.set(day, (byDay.get(day) ?? 0n) + share.amount);
  }
  const atOnce = byDay.get(on) ?? 0n;
  byDay.delete(on);
  const later = [...byDay].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    {
      kind: 'payment',
      bookedOn: on,
      postings: balanced([
        ...transfer(from, 'receivable', atOnce),
        ...transfer(from, 'prepaid', amount - atOnce),
      ]),
    },
    ...later.map(([bookedOn, sum]) => ({
      kind: 'allocation' as const,
      bookedOn,
      postings: balanced(transfer('prepaid', 'receivable', sum)),
    })),
  ];
}
