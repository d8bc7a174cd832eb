import { moneyToJson } from '@steward/kernel';
import type { EntryKind } from '../ledger/ledger.repository.js';
import type { StatementDto } from './statement.dto.js';

/** What one entry did to what an account owes; minor units as text. */
export type Movement = Readonly<{
  on: string;
  kind: EntryKind;
  currency: string;
  minor: string;
  feeItemCode: string | null;
  serviceFrom: string | null;
  serviceTo: string | null;
  number: string | null;
}>;

export type Opening = Readonly<{ currency: string; minor: string }>;

/** Puts movements, in their order, under the balances that they made; one part per currency. */
export function partsOf(openings: readonly Opening[], movements: readonly Movement[]): StatementDto['parts'] {
  const before = new Map(openings.map(({ currency, minor }) => [currency, BigInt(minor)]));
  const byCurrency = Map.groupBy(movements, ({ currency }) => currency);
  const currencies = [...new Set([...before.keys(), ...byCurrency.keys()])].sort();
  return currencies.map((currency) => {
    const money = (minor: bigint) => moneyToJson({ minor, currency });
    const opening = before.get(currency) ?? 0n;
    let balance = opening;
    const lines = (byCurrency.get(currency) ?? []).map(({ currency: _same, minor, ...line }) => {
      balance += BigInt(minor);
      return { ...line, amount: money(BigInt(minor)), balance: money(balance) };
    });
    return { currency, opening: money(opening), lines, closing: money(balance) };
  });
}
