import { describe, expect, it } from '@jest/globals';
import { meterFor } from './meter-by-serial.rules.js';

const meter = (id: string, installedOn: string, removedOn: string | null = null, medium = 'cold-water') => ({
  id,
  serial: '4711',
  medium,
  installedOn,
  removedOn,
});
const first = meter('first', '2020-01-01', '2026-03-10');
const second = meter('second', '2026-03-10');
const heat = meter('heat', '2026-03-01', null, 'heat');
const other = { ...meter('other', '2020-01-01'), serial: '4712' };

describe('the meter that a row means', () => {
  it.each([
    ['the one in place', '2026-03-09', 'first'],
    ['of two that followed each other on the day, the later one', '2026-03-10', 'second'],
    ['the one after the change', '2026-03-11', 'second'],
  ])('%s', (_title, day, id) => {
    expect(meterFor([first, other, second], { serial: '4711', day })?.id).toBe(id);
  });

  it('is the last of its number when none was in place on the day', () => {
    expect(meterFor([first, other], { serial: '4711', day: '2026-03-11' })?.id).toBe('first');
    expect(meterFor([first, second], { serial: '4711', day: '2019-12-31' })?.id).toBe('second');
  });

  it('needs its medium where the number alone fits several', () => {
    expect(meterFor([second, heat], { serial: '4711', day: '2026-03-20' })).toBeNull();
    expect(meterFor([second, heat], { serial: '4711', medium: 'heat', day: '2026-03-20' })?.id).toBe('heat');
    expect(meterFor([second, heat], { serial: '4711', medium: 'gas', day: '2026-03-20' })).toBeNull();
    expect(meterFor([second, heat], { serial: '4711', day: '2026-03-05' })?.id).toBe('heat');
  });

  it('is the one that was still in place, up to the day of its removal', () => {
    expect(meterFor([first, heat], { serial: '4711', day: '2026-03-11' })?.id).toBe('heat');
    expect(meterFor([first, heat], { serial: '4711', day: '2026-03-10' })).toBeNull();
  });

  it('is none for a number that nobody knows', () => {
    expect(meterFor([first], { serial: '1', day: '2026-03-01' })).toBeNull();
  });
});
