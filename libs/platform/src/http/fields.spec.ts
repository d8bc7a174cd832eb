import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { day, entries, flag, ids, instant, month, text } from './fields.js';

const takes = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;

describe('fields of requests', () => {
  it.each([
    ['2026-03-01T10:30:00+08:00', true],
    ['2024-02-29T00:00:00Z', true],
    ['1900-01-01T00:00:00.000Z', true],
    ['2199-12-31T23:59:59.999999Z', true],
    ['2025-02-29T00:00:00Z', false],
    ['1899-12-31T23:59:59Z', false],
    ['2200-01-01T00:00:00Z', false],
    ['0000-01-01T00:00:00Z', false],
    ['+275760-09-13T00:00:00.000Z', false],
    ['2026-03-01T10:30:00', false],
    [`2026-03-01T10:30:00.${'0'.repeat(50)}Z`, false],
  ])('the instant %s is taken: %s', (words, taken) => {
    expect(takes(instant(), words)).toBe(taken);
  });

  it('days and months are of the same years', () => {
    expect(
      ['2026-02-28', '2026-02-29', '1899-12-31', '2200-01-01'].map((word) => takes(day(), word)),
    ).toEqual([true, false, false, false]);
    expect(['2026-12', '2026-13', '0000-01'].map((word) => takes(month(), word))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('ids come with commas, each once, and not more than allowed', () => {
    const [one, other] = ['0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e11', '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e12'];
    expect(ids(2).parse(`${one},${other}`)).toEqual([one, other]);
    expect(ids(2).parse(`${one},${one.toUpperCase()}`)).toEqual([one]);
    for (const words of ['', ',', `${one},`, `${one},x`, `${one},${other},${one}`])
      expect(takes(ids(2), words)).toBe(false);
  });

  it('texts, words and maps have their bounds in JSON Schema', () => {
    expect(text(5).parse('  abc ')).toBe('abc');
    expect([' ', 'abcdef'].map((words) => takes(text(5), words))).toEqual([false, false]);
    expect([flag().parse('true'), flag().parse('false')]).toEqual([true, false]);
    expect(takes(flag(), '1')).toBe(false);
    const map = entries(day(), text(3), 1);
    expect(takes(map, { '2026-01-01': 'a' })).toBe(true);
    expect(takes(map, { '2026-01-01': 'a', '2026-01-02': 'b' })).toBe(false);
    expect(takes(map, { x: 'a' })).toBe(false);
    expect(z.toJSONSchema(map, { io: 'input' })).toMatchObject({ maxProperties: 1 });
    expect(z.toJSONSchema(flag(), { io: 'input' })).toMatchObject({ enum: ['true', 'false'] });
    expect(z.toJSONSchema(instant(), { io: 'input' })).toMatchObject({ format: 'date-time', maxLength: 40 });
  });
});
