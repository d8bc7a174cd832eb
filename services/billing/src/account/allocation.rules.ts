import { unprocessable } from '@steward/kernel';

/** A charge as allocation sees it: what is still owed of it, in minor units. */
export type OpenCharge = Readonly<{ chargeId: string; dueOn: string; raised: number; open: bigint }>;

/** What the payer says: this charge, with an amount or as much as is open. */
export type Told = Readonly<{ chargeId: string; amount?: bigint | undefined }>;

export type Share = Readonly<{ chargeId: string; amount: bigint }>;

/** What goes to which charge; `left` is what no charge takes: a prepayment. */
export type Allocated = Readonly<{ shares: readonly Share[]; left: bigint }>;

/**
 * BIL-08: shares a payment among open charges: first as the payer says, then the oldest debt first (by due day, then in
 * the order of raising). A late fee is a charge of its own, so it stays due when the principal is paid (lesson 12).
 * Shares and what is left always add up to the amount.
 * @throws DomainError `billing.charge-not-open`, `billing.allocation-too-much`, `billing.allocation-exceeds-payment`.
 */
export function allocate(
  amount: bigint,
  charges: readonly OpenCharge[],
  told: readonly Told[] = [],
): Allocated {
  const open = new Map(charges.map((charge) => [charge.chargeId, charge.open]));
  const shares = new Map<string, bigint>();
  let left = amount;
  const give = (chargeId: string, share: bigint): void => {
    shares.set(chargeId, (shares.get(chargeId) ?? 0n) + share);
    open.set(chargeId, open.get(chargeId)! - share);
    left -= share;
  };
  for (const wish of told) {
    const owed = open.get(wish.chargeId) ?? 0n;
    if (owed === 0n) throw notOpen(wish.chargeId);
    if (wish.amount !== undefined && wish.amount > owed) throw tooMuch(wish.chargeId);
    if (wish.amount !== undefined && wish.amount > left) throw exceeds();
    give(wish.chargeId, wish.amount ?? least(owed, left));
  }
  for (const { chargeId } of [...charges].sort(oldestFirst)) give(chargeId, least(open.get(chargeId)!, left));
  return {
    shares: [...shares]
      .filter(([, share]) => share > 0n)
      .map(([chargeId, share]) => ({ chargeId, amount: share })),
    left,
  };
}

/** The order in which debts are paid when the payer says nothing. */
export function oldestFirst(a: OpenCharge, b: OpenCharge): number {
  if (a.dueOn !== b.dueOn) return a.dueOn < b.dueOn ? -1 : 1;
  return a.raised - b.raised;
}

export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const notOpen = (chargeId: string) =>
  unprocessable('billing.charge-not-open', 'Nothing is open on a charge that the payer named.', undefined, {
    chargeId,
  });

const tooMuch = (chargeId: string) =>
  unprocessable('billing.allocation-too-much', 'More is named for a charge than is open on it.', undefined, {
    chargeId,
  });

const exceeds = () =>
  unprocessable('billing.allocation-exceeds-payment', 'The amounts named add up to more than the payment.');
