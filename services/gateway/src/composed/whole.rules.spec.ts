import { describe, expect, it } from '@jest/globals';
import type { Missing, RecordPart } from './part.js';
import { refuseIfNothing, whole } from './whole.rules.js';

const OK: RecordPart = { state: 'ok', value: { id: 'u1' } };
const FORBIDDEN: Missing = { state: 'forbidden' };
const AWAY: Missing = {
  state: 'unavailable',
  problem: {
    type: 'about:blank',
    title: 'Unavailable',
    status: 503,
    code: 'x',
    detail: 'x',
    instance: '/x',
    correlationId: 'c',
  },
};
const record = (part: RecordPart, status?: number) =>
  Promise.resolve({
    part,
    refusal: status === undefined ? null : { status, code: 'unit.refused', detail: 'Not for you.' },
  });

describe('an answer made of several services', () => {
  it('has the record that the address names, and the parts beside it', async () => {
    expect(await whole('unit', record(OK), () => Promise.resolve({ tickets: FORBIDDEN }))).toEqual({
      unit: OK,
      tickets: FORBIDDEN,
    });
    expect(await whole('unit', record(AWAY), () => Promise.resolve({ tickets: OK }))).toEqual({
      unit: AWAY,
      tickets: OK,
    });
  });

  it.each([
    [404, 'not-found'],
    [403, 'forbidden'],
  ])('is refused with %i as the record is, in its words', async (status, kind) => {
    await expect(
      whole('unit', record(FORBIDDEN, status), () => Promise.resolve({ a: OK })),
    ).rejects.toMatchObject({ kind, code: 'unit.refused', detail: 'Not for you.' });
  });

  it('is refused when nothing of it can be shown', async () => {
    await expect(whole('unit', record(AWAY), () => Promise.resolve({ a: AWAY }))).rejects.toMatchObject({
      code: 'gateway.unavailable',
    });
  });

  it.each([
    [[OK, AWAY, FORBIDDEN], null],
    [[FORBIDDEN, FORBIDDEN], { kind: 'forbidden', code: 'access.role-missing' }],
    [
      [FORBIDDEN, AWAY],
      { kind: 'unavailable', code: 'gateway.unavailable', params: { retryAfterSeconds: 2 } },
    ],
  ])('of the parts %j: %j', (parts, refusal) => {
    const check = () => refuseIfNothing(parts);
    if (refusal) expect(check).toThrow(expect.objectContaining(refusal));
    else expect(check).not.toThrow();
  });
});
