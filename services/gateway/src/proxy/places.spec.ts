import { describe, expect, it } from '@jest/globals';
import { Places } from './places.js';

const fill = (places: Places, caller: string): number => {
  let count = 0;
  while (places.enter(caller) === null) count += 1;
  return count;
};

describe('places', () => {
  it('give one caller at most half of them', () => {
    const places = new Places(8);
    expect(fill(places, 'x')).toBe(4);
    expect(places.enter('x')).toBe('share');
    expect(places.running).toBe(4);
  });

  it('always leave some for whoever comes next', () => {
    const places = new Places(256);
    const taken = Array.from({ length: 20 }, (_, index) => fill(places, `burst ${index}`));
    expect(taken.slice(0, 3)).toEqual([128, 64, 32]);
    expect(places.enter('y')).toBe(places.running === 256 ? 'full' : null);
  });

  it('are free again for the same caller and for others', () => {
    const places = new Places(2);
    expect(places.enter('x')).toBeNull();
    expect(places.enter('x')).toBe('share');
    places.leave('x');
    expect(places.running).toBe(0);
    expect(places.enter('x')).toBeNull();
    expect(places.enter('y')).toBeNull();
    expect(places.enter('z')).toBe('full');
  });

  it('one place serves one caller after another', () => {
    const places = new Places(1);
    expect(places.enter('x')).toBeNull();
    expect(places.enter('y')).toBe('full');
    places.leave('x');
    expect(places.enter('y')).toBeNull();
  });
});
