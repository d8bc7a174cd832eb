import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { GENESIS, sealHash, type SealedContent } from './chain.rules.js';

const ROW: SealedContent = {
  id: 'r1',
  branch_id: 'b1',
  entity: 'ticket',
  entity_id: 't1',
  action: 'closed',
  actor: 'anna',
  at: new Date('2026-03-05T01:02:03.004Z'),
  correlation_id: 'c1',
  reason: null,
  changes: [{ field: 'state', from: 'open', to: 'closed' }],
};
const CONTENT =
  '["7","r1","b1","ticket","t1","closed","anna","2026-03-05T01:02:03.004Z","c1",null,' +
  '[{"field":"state","from":"open","to":"closed"}]]';

describe('ORG-02 the seal of a trail row', () => {
  it('is SHA-256 over the hash before, the place in the chain and the row', () => {
    const expected = createHash('sha256').update(Buffer.alloc(32)).update(CONTENT).digest('hex');
    expect(sealHash(GENESIS, 7n, ROW).toString('hex')).toBe(expected);
  });

  it.each([
    ['id', 'r2'],
    ['branch_id', null],
    ['entity', 'unit'],
    ['entity_id', 't2'],
    ['action', 'opened'],
    ['actor', 'ben'],
    ['at', new Date('2026-03-05T01:02:03.005Z')],
    ['correlation_id', 'c2'],
    ['reason', 'asked'],
    ['changes', []],
  ])('breaks when %s was changed', (field, value) => {
    expect(sealHash(GENESIS, 7n, { ...ROW, [field]: value })).not.toEqual(sealHash(GENESIS, 7n, ROW));
  });

  it('breaks when a row is moved or the row before it was changed', () => {
    expect(sealHash(GENESIS, 8n, ROW)).not.toEqual(sealHash(GENESIS, 7n, ROW));
    expect(sealHash(Buffer.alloc(32, 1), 7n, ROW)).not.toEqual(sealHash(GENESIS, 7n, ROW));
  });
});
