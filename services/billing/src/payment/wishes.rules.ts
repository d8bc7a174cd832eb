import { least, type OpenCharge, type Told } from '../account/allocation.rules.js';

/** What the payer wants to have paid first. */
export type Wishes = Readonly<{
  charges: readonly Told[];
  /** An invoice whose charges come after the named ones. */
  invoiceId: string | null;
  /** The money is here whatever was named: what cannot be paid any more is passed over, not refused. */
  lenient: boolean;
}>;

export type InvoicedDebt = OpenCharge & Readonly<{ invoiceId: string | null }>;

/** BIL-08: the payer's words as allocation takes them: the named charges, then what is open of the named invoice. */
export function toldOf(
  { charges, invoiceId, lenient }: Wishes,
  open: readonly InvoicedDebt[],
  amount: bigint,
): Told[] {
  const named = lenient ? possible(charges, open, amount) : charges;
  const taken = new Set(named.map(({ chargeId }) => chargeId));
  const ofInvoice = open.filter(
    (debt) => invoiceId !== null && debt.invoiceId === invoiceId && !taken.has(debt.chargeId),
  );
  return [...named, ...ofInvoice.map(({ chargeId }) => ({ chargeId }))];
}

/** As much of each named charge as is open and as there is money for. */
function possible(charges: readonly Told[], open: readonly OpenCharge[], amount: bigint): Told[] {
  const owed = new Map(open.map((debt) => [debt.chargeId, debt.open]));
  let left = amount;
  return charges.flatMap(({ chargeId, amount: wanted }) => {
    const most = least(owed.get(chargeId) ?? 0n, left);
    const share = wanted === undefined ? most : least(wanted, most);
    owed.delete(chargeId);
    left -= share;
    return share > 0n ? [{ chargeId, amount: share }] : [];
  });
}
