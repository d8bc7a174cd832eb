import { describe, expect, it } from '@jest/globals';
import { historyOf, judge, type Standing } from './judge.rules.js';

const meter = { digits: null, multiplier: '1', installedOn: '2026-01-01', removedOn: null };
const limits = { above: '3', below: '0.333333', of: 6 };
const at = (day: string, value: string, changes: Partial<Standing> = {}): Standing => ({
  day,
  value,
  estimated: false,
  kind: 'periodic',
  state: 'accepted',
  ...changes,
});
const steady = [
  at('2026-01-01', '0', { kind: 'opening' }),
  at('2026-01-11', '10'),
  at('2026-01-21', '20'),
  at('2026-01-31', '30'),
];
const judged = (reading: Standing, standing = steady, of: object = {}) =>
  judge(reading, standing, { ...meter, ...of }, limits, '2026-12-31');

describe('BIL-06 a new reading', () => {
  it('is taken, or held for its suspicion', () => {
    expect(judged(at('2026-02-10', '40'))).toEqual({ outcome: 'taken', suspect: [], rolledOver: false });
    expect(judged(at('2026-02-10', '90'))).toMatchObject({ suspect: ['jump-up'] });
    expect(judged(at('2026-02-10', '31'))).toMatchObject({ suspect: ['jump-down'] });
    expect(judged(at('2026-02-10', '29'))).toEqual({
      outcome: 'taken',
      suspect: ['backward'],
      rolledOver: false,
    });
  });

  it('is not judged by one that waits for a look or was taken back', () => {
    const others = [at('2026-02-05', '500', { state: 'held' }), at('2026-02-06', '400', { state: 'voided' })];
    expect(judged(at('2026-02-10', '40'), [...steady, ...others])).toMatchObject({ suspect: [] });
  });

  it.each([
    ['of today', '2026-12-31', steady, {}],
    ['of the day of installation', '2026-01-01', [], {}],
    ['of the day of removal', '2026-02-01', steady, { removedOn: '2026-02-01' }],
    ['before the day of removal', '2026-02-01', steady, { removedOn: '2026-02-02' }],
  ])('%s is taken', (_title, day, standing, of) => {
    expect(judged(at(day, '31'), standing, of)).toMatchObject({ outcome: 'taken' });
  });

  it('comes once a day', () => {
    expect(judged(at('2026-01-31', '30.0'))).toEqual({ outcome: 'same' });
    expect(judged(at('2026-01-31', '31'))).toEqual({ outcome: 'refused', why: 'differs' });
  });

  it.each([
    ['2025-12-31', '1', {}, 'before-installation'],
    ['2026-02-02', '31', { removedOn: '2026-02-01' }, 'after-removal'],
    ['2026-02-02', '100', { digits: 2 }, 'too-many-digits'],
    ['2027-01-01', '31', {}, 'day-ahead'],
  ])('%s %s is refused', (day, value, of, why) => {
    expect(judged(at(day, value), steady, of)).toEqual({ outcome: 'refused', why });
  });

  it('corrects an estimate that was too high without going backward', () => {
    const standing = [...steady, at('2026-02-10', '45', { estimated: true })];
    expect(judged(at('2026-02-20', '41'), standing)).toMatchObject({ suspect: [] });
    expect(judged(at('2026-02-20', '29'), standing)).toMatchObject({ suspect: ['backward'] });
  });

  it('rolls over where the register has digits and the use fits', () => {
    const nearEnd = steady.map((one, index) => at(one.day, String(69 + 10 * index)));
    expect(judged(at('2026-02-10', '9'), nearEnd, { digits: 2 })).toEqual({
      outcome: 'taken',
      suspect: [],
      rolledOver: true,
    });
  });

  it('does not overtake the reading after it, and begins anew with an opening one', () => {
    expect(judged(at('2026-01-25', '31'))).toMatchObject({ suspect: ['backward'] });
    expect(judged(at('2026-01-25', '30'))).toMatchObject({ suspect: [] });
    expect(judged(at('2026-01-25', '24'))).toMatchObject({ suspect: [] });
    expect(judged(at('2026-01-25', '31'), steady, { digits: 5 })).toMatchObject({ suspect: [] });
    const falling = [at('2026-01-11', '50'), at('2026-01-31', '30')];
    expect(judged(at('2026-01-21', '40'), falling)).toMatchObject({ suspect: ['backward'] });
    expect(judged(at('2026-02-10', '5', { kind: 'opening' }))).toEqual({
      outcome: 'taken',
      suspect: [],
      rolledOver: false,
    });
    const anew = [...steady, at('2026-02-10', '5', { kind: 'opening' })];
    expect(judged(at('2026-02-20', '6'), anew)).toMatchObject({ outcome: 'taken', suspect: [] });
    expect(judged(at('2026-02-05', '35'), anew)).toMatchObject({ suspect: [] });
  });
});

describe('BIL-06 what a reading is compared with', () => {
  const estimated = (day: string) => at(day, '1', { estimated: true });
  const days = (standing: Standing[]) => historyOf({ day: '2026-03-01' }, standing).map(({ day }) => day);

  it('is what came before it since the register began, up to the last actual reading', () => {
    const opening = at('2026-01-05', '0', { kind: 'opening' });
    expect(days([at('2026-01-01', '9'), opening, at('2026-01-11', '2'), estimated('2026-02-01')])).toEqual([
      '2026-01-05',
      '2026-01-11',
    ]);
    expect(days([at('2026-01-01', '1'), estimated('2026-02-01')])).toEqual(['2026-01-01']);
    expect(days([at('2026-02-28', '1'), at('2026-03-02', '2')])).toEqual(['2026-02-28']);
  });

  it('are the estimates where there is nothing else', () => {
    expect(days([estimated('2026-01-01'), estimated('2026-02-01')])).toEqual(['2026-01-01', '2026-02-01']);
  });
});
