import { describe, expect, it } from '@jest/globals';
import { dayBefore, MEASURE, PRICE_CODE } from './price-item.rules.js';

describe('the price list', () => {
  it.each(['tap', 'tap-dn15', '2nd-tap-replace', 'm-2'])('%s is a code', (code) => {
    expect(code).toMatch(PRICE_CODE);
  });

  it.each(['', 'Tap', 'tap dn15', '-tap', 'tap-', 'tap--dn15', 'tap-DN15', 'tap.dn15'])(
    '%j is no code',
    (code) => {
      expect(code).not.toMatch(PRICE_CODE);
    },
  );

  it.each(['piece', 'm', 'm2', 'working-hour', 'cubic-metre-50'])('%s is a measure', (measure) => {
    expect(measure).toMatch(MEASURE);
  });

  it.each(['', '2m', 'M', 'mM', 'm 2', '-m', 'm-', 'm--2', 'm-M'])('%j is no measure', (measure) => {
    expect(measure).not.toMatch(MEASURE);
  });

  it.each([
    ['2026-03-02', '2026-03-01'],
    ['2026-03-01', '2026-02-28'],
    ['2028-03-01', '2028-02-29'],
    ['2026-01-01', '2025-12-31'],
  ])('the day before %s is %s', (day, before) => {
    expect(dayBefore(day)).toBe(before);
  });
});
