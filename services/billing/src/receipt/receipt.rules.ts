/** What a payment paid of a charge. */
export type ReceiptShare = Readonly<{
  amount: bigint;
  charge: Readonly<{ feeItemCode: string; serviceFrom: string; serviceTo: string }>;
}>;

/** One line of a receipt: what was paid for a fee item, over which days. */
export type ReceiptLine = Readonly<{
  feeItemCode: string;
  from: string;
  to: string;
  charges: number;
  amount: bigint;
}>;

/** BIL-09: what the receipt says: one line per fee item, in the order in which they were paid. */
export function receiptLines(shares: readonly ReceiptShare[]): ReceiptLine[] {
  const lines = new Map<string, ReceiptLine>();
  for (const { amount, charge } of shares) {
    const { feeItemCode, serviceFrom: from, serviceTo: to } = charge;
    const line = lines.get(feeItemCode);
    lines.set(feeItemCode, {
      feeItemCode,
      from: line && line.from < from ? line.from : from,
      to: line && line.to > to ? line.to : to,
      charges: (line?.charges ?? 0) + 1,
      amount: (line?.amount ?? 0n) + amount,
    });
  }
  return [...lines.values()];
}
