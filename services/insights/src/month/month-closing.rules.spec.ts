import { describe, expect, it } from '@jest/globals';
import { closedPart, hasEnded } from './month-closing.rules.js';

describe('GRP-02 a month may be closed', () => {
  it.each([
    ['2026-02', 'Asia/Shanghai', '2026-02-28T15:59:59.999Z', false],
    ['2026-02', 'Asia/Shanghai', '2026-02-28T16:00:00.000Z', true],
    ['2026-02', 'America/New_York', '2026-03-01T04:59:59.999Z', false],
    ['2026-02', 'America/New_York', '2026-03-01T05:00:00.000Z', true],
    ['2025-12', 'UTC', '2025-12-31T23:59:59.999Z', false],
    ['2025-12', 'UTC', '2026-01-01T00:00:00.000Z', true],
    ['2026-05', 'UTC', '2026-03-01T00:00:00.000Z', false],
  ])('%s in %s at %s: %s', (month, zone, now, ended) => {
    expect(hasEnded(month, zone, new Date(now))).toBe(ended);
  });
});

describe('GRP-02 a row of figures tells of its month', () => {
  const closing = { id: 'm1', closedAt: new Date('2026-03-02T01:00:00Z'), kept: true };

  it('nothing while it is open', () => {
    expect(closedPart('tickets', undefined)).toEqual({ closedAt: null, statement: null });
  });

  it('when it was closed, and where its figures of then are, if they were kept', () => {
    const closedAt = '2026-03-02T01:00:00.000Z';
    expect(closedPart('billing', closing)).toEqual({
      closedAt,
      statement: '/api/v1/month-closings/m1/figures/billing',
    });
    expect(closedPart('tickets', { ...closing, kept: false })).toEqual({ closedAt, statement: null });
  });
});
