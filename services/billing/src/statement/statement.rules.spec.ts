import { describe, expect, it } from '@jest/globals';
import { partsOf, type Movement } from './statement.rules.js';

const movement = (minor: string, rest: Partial<Movement> = {}): Movement => ({
  on: '2026-03-01',
  kind: 'charge',
  currency: 'CNY',
  minor,
  feeItemCode: 'water',
  serviceFrom: null,
  serviceTo: null,
  number: null,
  ...rest,
});
const cny = (amount: string) => ({ amount, currency: 'CNY' });

describe('a statement of account', () => {
  it('puts each movement under the balance that it made', () => {
    const [part, ...others] = partsOf(
      [{ currency: 'CNY', minor: '-500' }],
      [movement('1250'), movement('-700')],
    );
    expect(others).toEqual([]);
    expect(part).toMatchObject({ currency: 'CNY', opening: cny('-5.00'), closing: cny('0.50') });
    expect(part!.lines.map(({ amount, balance }) => [amount, balance])).toEqual([
      [cny('12.50'), cny('7.50')],
      [cny('-7.00'), cny('0.50')],
    ]);
  });

  it('keeps what the movement says besides its amount', () => {
    const [part] = partsOf([], [movement('100', { number: 'EB1-I-1', serviceFrom: '2026-03-01' })]);
    expect(part!.lines).toEqual([
      {
        on: '2026-03-01',
        kind: 'charge',
        feeItemCode: 'water',
        serviceFrom: '2026-03-01',
        serviceTo: null,
        number: 'EB1-I-1',
        amount: cny('1.00'),
        balance: cny('1.00'),
      },
    ]);
  });

  it('has one part per currency that was open or moved, in order', () => {
    const parts = partsOf(
      [
        { currency: 'USD', minor: '100' },
        { currency: 'CNY', minor: '7' },
      ],
      [movement('5', { currency: 'JPY' }), movement('50', { currency: 'USD' })],
    );
    expect(
      parts.map(({ currency, opening, closing, lines }) => [currency, opening, closing, lines.length]),
    ).toEqual([
      ['CNY', cny('0.07'), cny('0.07'), 0],
      ['JPY', { amount: '0', currency: 'JPY' }, { amount: '5', currency: 'JPY' }, 1],
      ['USD', { amount: '1.00', currency: 'USD' }, { amount: '1.50', currency: 'USD' }, 1],
    ]);
  });
});
