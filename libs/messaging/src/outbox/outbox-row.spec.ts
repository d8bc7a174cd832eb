import { describe, expect, it } from '@jest/globals';
import { newId } from '@steward/kernel';
import { GROUP_SCOPE, systemContext } from '@steward/platform';
import { BRANCH, reading } from '../../test/events.js';
import { remoteParent, sampledParent } from '../trace.js';
import { insertOutboxRows, outboxRow, SHARD_COUNT, shardOf } from './outbox-row.js';

const ctx = systemContext('spec', GROUP_SCOPE, new Date('2026-03-01T08:00:01Z'), 'corr');

describe('an outbox row', () => {
  it('holds the fact in columns and the rest of its envelope in headers', () => {
    const meter = newId();
    expect(outboxRow(ctx, reading(meter, 4, 9), false)).toMatchObject({
      aggregatetype: 'meter',
      aggregateid: meter,
      sequence: 4,
      type: 'meters.meter-read.v1',
      topic: 'meters.v1',
      branch: BRANCH,
      payload: { value: 9 },
      shard: shardOf(meter),
      headers: {
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_source: 'meters',
        ce_time: '2026-03-01T08:00:00.000Z',
        ce_branch: BRANCH,
        ce_actor: 'spec',
        ce_correlationid: 'corr',
        ce_origin: 'live',
        ce_late: 'false',
      },
    });
  });

  it('is inserted from a JSON parameter, also with a payload that the statement completes', () => {
    expect(insertOutboxRows('$3', ', made', 'r.payload || made.more')).toMatch(
      /select r\.id, .*r\.branch, r\.payload \|\| made\.more, r\.headers, r\.shard\s+from jsonb_to_recordset\(\$3::jsonb\) as r\([^)]*\), made$/,
    );
  });

  it('spreads keys evenly over the shards', () => {
    const counts = new Array<number>(SHARD_COUNT).fill(0);
    for (let n = 0; n < 16_000; n += 1) counts[shardOf(newId())]! += 1;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(200);
  });
});

describe('a traceparent', () => {
  const [trace, span] = ['a'.repeat(32), 'b'.repeat(16)];

  it('names a parent, recorded or not', () => {
    expect(remoteParent(`00-${trace}-${span}-00`)).toMatchObject({
      traceId: trace,
      spanId: span,
      traceFlags: 0,
    });
    expect(sampledParent(`00-${trace}-${span}-00`)).toBeUndefined();
    expect(sampledParent(`00-${trace}-${span}-01`)).toMatchObject({ traceId: trace, isRemote: true });
  });

  it.each([undefined, '', 'x', `00-${trace}-${span}`, `00-${trace.toUpperCase()}-${span}-01`])(
    '%s is none',
    (text) => {
      expect(remoteParent(text)).toBeUndefined();
    },
  );
});
