import type { Money } from '@steward/kernel';
import type { Payment } from '../ticket/ticket.rules.js';

/** What a ticket shows of its charges (FLW-01): all are settled, some of the money has come, or none of it. */
export function paymentOf(charges: readonly Readonly<{ amount: Money; open: Money }>[]): Payment {
  if (charges.length === 0) return 'none';
  if (charges.every(({ open }) => open.minor <= 0n)) return 'paid';
  return charges.some(({ amount, open }) => open.minor < amount.minor) ? 'partly' : 'due';
}
