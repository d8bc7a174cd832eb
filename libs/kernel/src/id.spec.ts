import { describe, expect, it } from '@jest/globals';
import { validate, version } from 'uuid';
import { newId } from './id.js';

const STAMP = Date.UTC(2026, 2, 1);
const stampOf = (id: string) => parseInt(id.replaceAll('-', '').slice(0, 12), 16);

describe('new ids', () => {
  it('are of version 7, carry the time that they are stamped with, and differ', () => {
    const ids = Array.from({ length: 2000 }, () => newId(STAMP));
    for (const id of ids) {
      expect(validate(id)).toBe(true);
      expect(version(id)).toBe(7);
      expect(stampOf(id)).toBe(STAMP);
    }
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('follow each other in the order of making when they carry one time, also with others between', () => {
    const ids = Array.from({ length: 500 }, (_, n) => {
      newId(STAMP + n);
      return newId(STAMP);
    });
    expect([...ids].sort()).toEqual(ids);
  });
});
