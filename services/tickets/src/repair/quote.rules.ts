import {
  addMoney,
  conflict,
  money,
  moneyToJson,
  multiplyMoney,
  unprocessable,
  type DomainError,
  type Money,
  type MoneyJson,
} from '@steward/kernel';

export const LINE_KINDS = ['labour', 'material', 'other'] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/** An entry of the branch's public price list, valid from a day (TKT-43). */
export type PriceItem = Readonly<{
  code: string;
  kind: LineKind;
  unitPrice: Money;
  validFrom: string;
  validTo: string | null;
}>;

/** What engineering puts on a quote: an entry of the price list, or work assessed case by case with a price of its own. */
export type WantedLine = Readonly<{
  kind: LineKind;
  itemCode: string | null;
  description: string;
  quantity: string;
  /** Needed for assessed work only; the price list decides the others. */
  unitPrice: Money | null;
}>;

export type QuoteLine = Readonly<{
  line: number;
  kind: LineKind;
  itemCode: string | null;
  description: string;
  quantity: string;
  unitPrice: MoneyJson;
  amount: MoneyJson;
}>;

export type Quote = Readonly<{ total: Money; lines: readonly QuoteLine[] }>;

/**
 * TKT-43: prices the lines by the price list of the day; each line is rounded by itself and the total is their sum.
 * @throws DomainError `quote.item-unknown`, `quote.price-missing` (assessed work without a price), `quote.price-set` (a
 * list price is not for haggling), `quote.empty`.
 */
export function priceQuote(wanted: readonly WantedLine[], list: readonly PriceItem[], day: string): Quote {
  if (wanted.length === 0) throw unprocessable('quote.empty', 'A quote has at least one line.');
  const lines = wanted.map((line, index) => priced(line, index, list, day));
  const total = lines.map(({ sum }) => sum).reduce(addMoney, money(0n, lines[0]!.sum.currency));
  return { total, lines: lines.map(({ line }) => line) };
}

function priced(wanted: WantedLine, index: number, list: readonly PriceItem[], day: string) {
  const { itemCode, description, quantity } = wanted;
  const unitPrice = itemCode === null ? assessed(wanted, index) : listed(wanted, itemCode, index, list, day);
  const sum = multiplyMoney(unitPrice.price, quantity);
  const line: QuoteLine = {
    line: index + 1,
    kind: unitPrice.kind,
    itemCode,
    description,
    quantity,
    unitPrice: moneyToJson(unitPrice.price),
    amount: moneyToJson(sum),
  };
  return { line, sum };
}

type Price = Readonly<{ price: Money; kind: LineKind }>;

function assessed({ unitPrice, kind }: WantedLine, index: number): Price {
  if (unitPrice === null)
    throw unprocessable(
      'quote.price-missing',
      `Line ${index + 1} is not in the price list and has no price.`,
    );
  return { price: unitPrice, kind };
}

function listed(
  { unitPrice }: WantedLine,
  code: string,
  index: number,
  list: readonly PriceItem[],
  day: string,
): Price {
  const item = list.find(
    (each) => each.code === code && each.validFrom <= day && (each.validTo ?? '9999-12-31') >= day,
  );
  if (!item)
    throw unprocessable(
      'quote.item-unknown',
      `Line ${index + 1}: the price list has no entry ${code} on ${day}.`,
    );
  if (unitPrice !== null)
    throw unprocessable('quote.price-set', `Line ${index + 1}: the price list decides the price of ${code}.`);
  return { price: item.unitPrice, kind: item.kind };
}

export const QUOTE_STATES = ['given', 'accepted', 'declined', 'replaced'] as const;
export type QuoteState = (typeof QUOTE_STATES)[number];

/** TKT-43: charged work starts only after the customer has agreed to its price; what speaks against a start now. */
export const startRefusal = (latest: QuoteState | null): DomainError | undefined =>
  latest === 'given'
    ? conflict('ticket.quote-open', 'The customer has not yet answered the quote; work starts after that.')
    : undefined;

/** What is charged for signed work: the accepted quote, unless the work is free, in warranty or done again (TKT-44, TKT-49). */
export function chargeOf<Q extends Readonly<{ state: QuoteState }>>(
  quotes: readonly Q[],
  { free, reworkRounds, charged }: Readonly<{ free: boolean; reworkRounds: number; charged: boolean }>,
): Q | null {
  if (free || (reworkRounds > 0 && charged)) return null;
  return quotes.findLast(({ state }) => state === 'accepted') ?? null;
}
