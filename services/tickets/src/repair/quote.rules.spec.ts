import { describe, expect, it } from '@jest/globals';
import { moneyToJson, parseMoney } from '@steward/kernel';
import { chargeOf, priceQuote, startRefusal, type PriceItem, type WantedLine } from './quote.rules.js';

const cny = (amount: string) => parseMoney({ amount, currency: 'CNY' });
const item = (code: string, price: string, rest: Partial<PriceItem> = {}): PriceItem => ({
  code,
  kind: 'labour',
  unitPrice: cny(price),
  validFrom: '2026-01-01',
  validTo: null,
  ...rest,
});
const list = [
  item('tap-replace', '80.00', { validTo: '2026-02-28' }),
  item('tap-replace', '85.00', { validFrom: '2026-03-01' }),
  item('tap-dn15', '40.50', { kind: 'material' }),
];
const line = (rest: Partial<WantedLine>): WantedLine => ({
  kind: 'other',
  itemCode: null,
  description: 'Work',
  quantity: '1',
  unitPrice: null,
  ...rest,
});

describe('TKT-43 quotes', () => {
  it('takes prices and kinds from the list of the day and adds up rounded lines', () => {
    const { total, lines } = priceQuote(
      [
        line({ itemCode: 'tap-replace' }),
        line({ itemCode: 'tap-dn15', quantity: '0.333' }),
        line({ kind: 'labour', unitPrice: cny('10.01'), quantity: '1.5' }),
      ],
      list,
      '2026-02-28',
    );
    expect(lines.map(({ line, kind, amount }) => [line, kind, amount.amount])).toEqual([
      [1, 'labour', '80.00'],
      [2, 'material', '13.49'],
      [3, 'labour', '15.02'],
    ]);
    expect(moneyToJson(total)).toEqual({ amount: '108.51', currency: 'CNY' });
  });

  it.each([
    ['quote.empty', []],
    [
      'quote.item-unknown: Line 1: the price list has no entry roof on 2026-03-01.',
      [line({ itemCode: 'roof' })],
    ],
    ['quote.price-missing: Line 2 is not in the price list', [line({ itemCode: 'tap-dn15' }), line({})]],
    [
      'quote.price-set: Line 1: the price list decides the price of tap-dn15.',
      [line({ itemCode: 'tap-dn15', unitPrice: cny('1.00') })],
    ],
    [
      'money.currency-mismatch',
      [line({ itemCode: 'tap-dn15' }), line({ unitPrice: { minor: 1n, currency: 'USD' } })],
    ],
  ])('refuses with %s', (code, wanted) => {
    expect(() => priceQuote(wanted, list, '2026-03-01')).toThrow(code);
  });

  it('the new price counts from its day on', () => {
    expect(
      moneyToJson(priceQuote([line({ itemCode: 'tap-replace' })], list, '2026-03-01').total).amount,
    ).toBe('85.00');
  });

  it('a price of a later day does not count yet, whatever order the list is in', () => {
    const { total } = priceQuote([line({ itemCode: 'tap-replace' })], list.toReversed(), '2026-02-28');
    expect(moneyToJson(total).amount).toBe('80.00');
  });

  it('work does not start while the customer has not answered', () => {
    expect(startRefusal('given')).toMatchObject({ kind: 'conflict', code: 'ticket.quote-open' });
    for (const state of ['accepted', 'declined', null] as const) expect(startRefusal(state)).toBeUndefined();
  });
});

describe('TKT-44 TKT-49 what signed work costs', () => {
  const quotes = [{ state: 'replaced' }, { state: 'accepted' }, { state: 'declined' }] as const;

  it.each([
    ['the accepted quote', { free: false, reworkRounds: 0, charged: false }, quotes[1]],
    ['the accepted quote, charged before', { free: false, reworkRounds: 0, charged: true }, quotes[1]],
    ['nothing when free', { free: true, reworkRounds: 0, charged: false }, null],
    ['nothing for a rework of what was charged', { free: false, reworkRounds: 1, charged: true }, null],
    [
      'the quote after a rework of what was not charged yet',
      { free: false, reworkRounds: 1, charged: false },
      quotes[1],
    ],
  ])('%s', (_title, work, expected) => {
    expect(chargeOf(quotes, work)).toBe(expected);
  });

  it('nothing without an accepted quote', () => {
    expect(chargeOf([{ state: 'declined' }], { free: false, reworkRounds: 0, charged: false })).toBeNull();
  });
});
