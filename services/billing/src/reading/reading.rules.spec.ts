import { describe, expect, it } from '@jest/globals';
import { checkReading, estimate, type MeterFacts, type ReadingFact } from './reading.rules.js';

const LIMITS = { above: '3', below: '0.333333', of: 6 };
const meter: MeterFacts = { digits: 5, multiplier: '1' };
const on = (day: string, value: string): ReadingFact => ({ day, value, estimated: false });
/** 10 a month of 30 days. */
const steady = [
  on('2026-01-01', '100'),
  on('2026-01-31', '110'),
  on('2026-03-02', '120'),
  on('2026-04-01', '130'),
];
const check = (value: string, before = steady, of = meter, day = '2026-05-01') =>
  checkReading(on(day, value), before, of, LIMITS);

describe('BIL-06 checks of a reading', () => {
  it.each([
    ['as always', '140', '10', []],
    ['exactly three times as much', '160', '30', []],
    ['more than three times as much', '160.001', '30.001', ['jump-up']],
    ['less than a third', '133', '3', ['jump-down']],
    ['nothing at all', '130', '0', ['jump-down']],
  ])('%s', (_title, value, quantity, suspect) => {
    expect(check(value)).toEqual({
      consumption: { from: '2026-04-01', to: '2026-05-01', quantity, rolledOver: false },
      suspect,
    });
  });

  it('the first reading has nothing to be compared with', () => {
    expect(check('5', [])).toEqual({ consumption: null, suspect: [] });
  });

  it('no jump is seen before there are three stretches to judge by', () => {
    expect(check('99999', steady.slice(0, 3)).suspect).toEqual([]);
  });

  it('use is judged per day, so a long period is no jump', () => {
    expect(check('180', steady, meter, '2026-08-29').suspect).toEqual([]);
  });

  it('backward is suspect and gives no consumption', () => {
    expect(check('90')).toEqual({ consumption: null, suspect: ['backward'] });
    expect(check('129', steady, { ...meter, digits: null })).toEqual({
      consumption: null,
      suspect: ['backward'],
    });
  });

  it('a register of five digits rolls over', () => {
    const high = steady.map(({ day, value }) => on(day, String(Number(value) + 99_860)));
    expect(check('2', high).consumption).toEqual({
      from: '2026-04-01',
      to: '2026-05-01',
      quantity: '12',
      rolledOver: true,
    });
  });

  it('what would be an impossible use is no roll-over but backward', () => {
    expect(check('129.9').suspect).toEqual(['backward']);
  });

  it('nothing is known to roll over before there is a history', () => {
    expect(check('5', steady.slice(0, 2))).toEqual({ consumption: null, suspect: ['backward'] });
  });

  it('exactly as little as is usual is no jump', () => {
    const limits = { ...LIMITS, below: '0.5' };
    expect(checkReading(on('2026-05-01', '135'), steady, meter, limits).suspect).toEqual([]);
    expect(checkReading(on('2026-05-01', '134.9'), steady, meter, limits).suspect).toEqual(['jump-down']);
  });

  it('the multiplier counts', () => {
    expect(check('140', steady, { digits: 5, multiplier: '40' }).consumption?.quantity).toBe('400');
  });

  it('lesson 13 for meters: two readings on one day do not divide by zero', () => {
    expect(check('130.2', steady, meter, '2026-04-01').suspect).toEqual([]);
  });
});

describe('BIL-06 estimates', () => {
  it('follow the median use and are corrected by the next actual reading', () => {
    expect(estimate('2026-05-01', steady, meter, 6)).toBe('140');
    expect(estimate('2026-05-16', steady, { digits: 5, multiplier: '40' }, 6)).toBe('145');
    const later = [...steady, { day: '2026-05-01', value: '140', estimated: true }];
    expect(check('152', later, meter, '2026-05-31').consumption?.quantity).toBe('12');
  });

  it('none without a history', () => {
    expect(estimate('2026-05-01', steady.slice(0, 3), meter, 6)).toBeNull();
    expect(estimate('2026-05-01', [], meter, 6)).toBeNull();
  });

  it('go by the middle of the last stretches, whatever their order', () => {
    /** Ten days each, so much a day. */
    const history = (...rates: number[]) => {
      let value = 0;
      return [0, ...rates].map((rate, index) => {
        value += 10 * rate;
        return on(new Date(Date.UTC(2026, 0, 1 + 10 * index)).toISOString().slice(0, 10), String(value));
      });
    };
    const expected = (readings: ReadingFact[], of = 6) => {
      const last = readings.at(-1)!;
      const day = new Date(Date.parse(last.day) + 10 * 86_400_000).toISOString().slice(0, 10);
      return Number(estimate(day, readings, meter, of)) - Number(last.value);
    };
    expect(expected(history(3, 1, 2))).toBe(20);
    expect(expected(history(9, 9, 9, 1, 1, 2), 3)).toBe(10);
    expect(expected(history(0, 0, 4))).toBe(0);
    // what went backward tells nothing of use
    expect(expected(history(9, 2, -8, 2, 4))).toBe(30);
  });

  it('an even number of stretches has the mean of the two in the middle', () => {
    const four = [...steady, on('2026-05-01', '160')];
    expect(estimate('2026-05-31', four, meter, 6)).toBe('170');
    const two = [
      on('2026-01-01', '0'),
      on('2026-01-11', '10'),
      on('2026-01-21', '30'),
      on('2026-01-31', '60'),
      on('2026-02-10', '100'),
    ];
    // 1, 2, 3, 4 a day: median 2.5
    expect(estimate('2026-02-20', two, meter, 6)).toBe('125');
  });
});
