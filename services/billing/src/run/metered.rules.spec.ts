import { describe, expect, it } from '@jest/globals';
import { moneyToJson } from '@steward/kernel';
import { listed, owner } from '../../test/priced-unit.js';
import type { Occupancy } from '../occupancy/payer.rules.js';
import type { ListedTariff } from '../tariff/applicable.rules.js';
import { assessMetered, type MeterOf, type Register } from './metered.rules.js';

const period = { from: '2026-03-01', to: '2026-03-31' };
const subject = { propertyUnitId: 'u', siteId: 's', use: 'residential', area: '80', meterId: 'm' };
const plain: MeterOf = { digits: null, multiplier: '1', installedOn: '2020-01-01', removedOn: null };
const price = (validFrom: string, amount: string) =>
  listed(validFrom, { method: 'per-meter-unit', price: amount });
const reading = (day: string, value: string, changes: Partial<Register> = {}): Register => ({
  day,
  value,
  kind: 'periodic',
  estimated: false,
  state: 'accepted',
  ...changes,
});

type Case = Readonly<{
  meter?: Partial<MeterOf>;
  owners?: readonly Occupancy[];
  tariffs?: readonly ListedTariff[];
  charged?: readonly { from: string; to: string }[];
}>;

function assessed(readings: readonly Register[], given: Case = {}) {
  const {
    meter,
    owners = [owner('A', '2020-01-01')],
    tariffs = [price('2020-01-01', '1')],
    charged = [],
  } = given;
  const known = { item: { payer: 'owner' as const }, occupancies: owners, tariffs, charged };
  const { drafts, problems } = assessMetered(subject, { ...plain, ...meter }, period, readings, known);
  return {
    lines: drafts.map(
      ({ customerId, serviceFrom, serviceTo, amount }) =>
        `${customerId} ${serviceFrom} ${serviceTo} ${moneyToJson(amount).amount}`,
    ),
    problems: problems.map(({ code, from, to }) => `${code} ${from} ${to}`),
    explanations: drafts.map(({ explanation }) => explanation),
  };
}

describe('BIL-06 what readings come to', () => {
  it('a span is of the month in which its last day lies, and is charged once as a whole', () => {
    const readings = [reading('2026-02-10', '0'), reading('2026-03-01', '5'), reading('2026-04-01', '9')];
    expect(assessed(readings).lines).toEqual(['A 2026-03-01 2026-03-31 4.00']);
    expect(assessed([...readings, reading('2026-05-01', '20')]).lines).toEqual([
      'A 2026-03-01 2026-03-31 4.00',
    ]);
    expect(assessed(readings, { charged: [{ from: '2026-03-31', to: '2026-03-31' }] })).toMatchObject({
      lines: [],
      problems: [],
    });
  });

  it('a register that rolled over goes on from zero, times its multiplier', () => {
    const readings = [reading('2026-03-01', '9990'), reading('2026-04-01', '15')];
    expect(assessed(readings, { meter: { digits: 4, multiplier: '10' } }).lines).toEqual([
      'A 2026-03-01 2026-03-31 250.00',
    ]);
  });

  it('a register that did not roll over is charged for the difference alone', () => {
    const used = (from: string, to: string, meter: Partial<MeterOf>) =>
      assessed([reading('2026-03-01', from), reading('2026-04-01', to)], { meter });
    expect(used('10', '15', { digits: 4 }).lines).toEqual(['A 2026-03-01 2026-03-31 5.00']);
    expect(used('10', '10', { digits: 4 }).lines).toEqual(['A 2026-03-01 2026-03-31 0.00']);
    expect(used('15', '10', { digits: null })).toMatchObject({
      lines: [],
      problems: ['billing.usage-negative 2026-03-01 2026-03-31'],
    });
  });

  it('a reading for a change of price divides nothing, and is shown with the others', () => {
    const readings = [
      reading('2026-02-15', '1', { kind: 'tariff-change' }),
      reading('2026-03-01', '10', { estimated: true }),
      reading('2026-03-11', '14', { kind: 'tariff-change' }),
      reading('2026-04-01', '31'),
    ];
    const tariffs = [price('2020-01-01', '1'), price('2026-03-11', '2')];
    const { lines, explanations } = assessed(readings, { tariffs, meter: { multiplier: '10' } });
    // 40 at 1, 170 at 2
    expect(lines).toEqual(['A 2026-03-01 2026-03-31 380.00']);
    expect(explanations[0]).toMatchObject({
      readings: {
        from: { day: '2026-03-01', value: '10', estimated: true },
        to: { day: '2026-04-01', value: '31', estimated: false },
        marks: [{ day: '2026-03-11', value: '14', estimated: false }],
        multiplier: '10',
        used: '210',
      },
    });
  });

  it('BIL-05 each payer’s part is divided by the readings on days of his own', () => {
    const readings = [
      reading('2026-03-01', '0'),
      reading('2026-03-06', '1', { kind: 'tariff-change' }),
      reading('2026-03-11', '10', { kind: 'tariff-change' }),
      reading('2026-03-21', '12', { kind: 'tariff-change' }),
      reading('2026-04-01', '40'),
    ];
    const owners = [owner('A', '2020-01-01', '2026-03-10'), owner('B', '2026-03-11')];
    const tariffs = [price('2020-01-01', '1'), price('2026-03-06', '2'), price('2026-03-21', '3')];
    expect(assessed(readings, { owners, tariffs }).lines).toEqual([
      // 1 at 1, 9 at 2
      'A 2026-03-01 2026-03-10 19.00',
      // 2 at 2, 28 at 3
      'B 2026-03-11 2026-03-31 88.00',
    ]);
  });

  it('BIL-05 a payer of the last day alone pays for that day', () => {
    const readings = [reading('2026-03-01', '0'), reading('2026-04-01', '31')];
    const owners = [owner('A', '2020-01-01', '2026-03-30'), owner('B', '2026-03-31')];
    expect(assessed(readings, { owners }).lines).toEqual([
      'A 2026-03-01 2026-03-30 30.00',
      'B 2026-03-31 2026-03-31 1.00',
    ]);
  });

  it('a register that begins anew charges nothing for what lies between', () => {
    const readings = [
      reading('2026-03-01', '100'),
      reading('2026-03-11', '110', { kind: 'closing' }),
      reading('2026-03-15', '3', { kind: 'opening' }),
      reading('2026-04-01', '20'),
    ];
    expect(assessed(readings)).toMatchObject({
      lines: ['A 2026-03-01 2026-03-10 10.00', 'A 2026-03-15 2026-03-31 17.00'],
      problems: [],
    });
  });

  it('an estimate that was above what was read after it is for a credit note', () => {
    const readings = [reading('2026-03-01', '50', { estimated: true }), reading('2026-04-01', '40')];
    expect(assessed(readings, { meter: { digits: 4 } })).toMatchObject({
      lines: [],
      problems: ['billing.usage-negative 2026-03-01 2026-03-31'],
    });
  });

  it('BIL-05 a reading on the day on which the owner changed divides, and a price change beside it too', () => {
    const readings = [
      reading('2026-03-01', '0'),
      reading('2026-03-11', '8', { kind: 'tariff-change' }),
      reading('2026-04-01', '29'),
    ];
    const owners = [owner('A', '2020-01-01', '2026-03-10'), owner('B', '2026-03-11')];
    expect(assessed(readings, { owners }).lines).toEqual([
      'A 2026-03-01 2026-03-10 8.00',
      'B 2026-03-11 2026-03-31 21.00',
    ]);
    // B's 21 days of 1 each: to the 20th at 1, from the 21st at 2
    const tariffs = [price('2020-01-01', '1'), price('2026-03-21', '2')];
    expect(assessed(readings, { owners, tariffs }).lines).toEqual([
      'A 2026-03-01 2026-03-10 8.00',
      'B 2026-03-11 2026-03-31 32.00',
    ]);
  });

  it('a span with days of nobody waits as a whole, so that no use is left behind', () => {
    const readings = [reading('2026-03-01', '0'), reading('2026-04-01', '31')];
    expect(assessed(readings, { owners: [owner('A', '2026-03-05')] })).toMatchObject({
      lines: [],
      problems: ['billing.payer-missing 2026-03-01 2026-03-04'],
    });
  });

  it('tells of missing and held readings, and of neither for a meter that came in the month', () => {
    expect(assessed([reading('2026-03-01', '0')]).problems).toEqual([
      'billing.reading-missing 2026-03-01 2026-03-31',
    ]);
    const held = [reading('2026-03-01', '0'), reading('2026-04-01', '9', { state: 'held' })];
    expect(assessed(held)).toMatchObject({
      lines: [],
      problems: ['billing.reading-held 2026-03-01 2026-03-31'],
    });
    const meter = { installedOn: '2026-03-20' };
    expect(assessed([reading('2026-03-20', '0', { kind: 'opening' })], { meter }).problems).toEqual([]);
    for (const gone of [
      { installedOn: '2026-03-01' },
      { removedOn: '2026-03-31' },
      { removedOn: '2026-03-15' },
    ])
      expect(assessed([], { meter: gone }).problems).toEqual([]);
    expect(assessed([], { meter: { removedOn: '2026-04-01' } }).problems).toHaveLength(1);
  });
});
