import { describe, expect, it } from '@jest/globals';
import { parseUnitCode, unitCode } from './unit-code.rules.js';

describe('PRM-01 unit codes', () => {
  it.each([
    ['180#1-1-1', { building: '180', entrance: '1', floor: 1, door: '1' }, '180#1-1-1'],
    ['１８０＃２－１８－０３', { building: '180', entrance: '2', floor: 18, door: '03' }, '180#2-18-03'],
    ['a3 # 1 - b2 - p017', { building: 'A3', entrance: '1', floor: -2, door: 'P017' }, 'A3#1-B2-P017'],
    ['东1#甲-3-301', { building: '东1', entrance: '甲', floor: 3, door: '301' }, '东1#甲-3-301'],
    ['180#1-0-1', { building: '180', entrance: '1', floor: 0, door: '1' }, '180#1-0-1'],
    ['12-B#1-007-1', { building: '12-B', entrance: '1', floor: 7, door: '1' }, '12-B#1-7-1'],
  ])('%s', (text, place, code) => {
    expect(parseUnitCode(text)).toEqual(place);
    expect(unitCode(place)).toBe(code);
  });

  it.each([
    '',
    '180',
    '180#1-1',
    '180#1-1-1-1',
    '#1-1-1',
    '180#1-x-1',
    '180#-1-1',
    '180#1-1-',
    `${'9'.repeat(21)}#1-1-1`,
  ])('refuses "%s"', (text) => {
    expect(() => parseUnitCode(text)).toThrow('premises.unit-code');
  });
});
