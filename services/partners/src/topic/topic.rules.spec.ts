import { describe, expect, it } from '@jest/globals';
import { readerOf } from './topic.rules.js';

describe('PTR-01 the topic of a partner', () => {
  it('has names that no other partner’s begin with', () => {
    expect(readerOf('p1')).toEqual({ user: 'partner.p1', topic: 'partner.p1.v1', groups: 'partner.p1.' });
    expect(readerOf('p12').groups.startsWith(readerOf('p1').groups)).toBe(false);
  });
});
