import { describe, expect, it } from '@jest/globals';
import { defineEvent } from '@steward/contracts';
import { newId } from '@steward/kernel';
import { GROUP_SCOPE, systemContext } from '@steward/platform';
import { z } from 'zod';
import { BRANCH, reading } from '../../test/events.js';
import { remoteParent, sampledParent } from '../trace.js';
import { EVENT_BYTES, insertOutboxRows, outboxRow, SHARD_COUNT, shardOf } from './outbox-row.js';

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

  it('has no header for what stands in a column', () => {
    const { headers } = outboxRow(ctx, reading(newId(), 4, 9), true);
    for (const name of ['ce_id', 'ce_type', 'ce_subject', 'ce_sequence', 'ce_recordedtime'])
      expect(headers).not.toHaveProperty(name);
    expect(headers).toMatchObject({ ce_late: 'true' });
  });

  it('has an id of the time at which it is recorded, and tells where the fact comes from', () => {
    const row = outboxRow(ctx, { ...reading(newId(), 1, 1), origin: 'import' }, false);
    expect(row.id.replaceAll('-', '').slice(0, 12)).toBe(ctx.now.getTime().toString(16).padStart(12, '0'));
    expect(row.headers).toMatchObject({ ce_origin: 'import' });
  });

  it('is refused for a branch where the fact is the group’s, and the other way round', () => {
    const group = defineEvent({
      ...{ version: 1, title: 'A test fact', description: 'A fact that only specs know.' },
      ...{ context: 'meters', name: 'norm-set', aggregate: 'norm', scope: 'group', sample: { value: 1 } },
      schema: z.object({ value: z.number() }),
    });
    const fact = { ...reading(newId(), 1, 1), definition: group };
    expect(() => outboxRow(ctx, fact, false)).toThrow('event.wrong-scope');
    expect(outboxRow(ctx, { ...fact, branchId: null }, false)).toMatchObject({ branch: null });
  });

  it('takes a fact up to a size, and names what is larger', () => {
    const sized = (bytes: number) => {
      const data = { value: 1, text: '' };
      const text = 'é'.repeat((bytes - JSON.stringify(data).length) / 2);
      return () => outboxRow(ctx, { ...reading(newId(), 1, 1), data: { ...data, text } }, false);
    };
    const even = EVENT_BYTES - ((EVENT_BYTES - JSON.stringify({ value: 1, text: '' }).length) % 2);
    expect(sized(even)).not.toThrow();
    expect(sized(even + 2)).toThrow(
      `event.too-large: An event of meters.meter-read.v1 has ${even + 2} bytes, ${EVENT_BYTES} are allowed`,
    );
  });

  it('is inserted with all its columns', () => {
    expect(insertOutboxRows('$1')).toMatch(
      /^insert into outbox \(id, aggregatetype, aggregateid, sequence, type, topic, branch, payload, headers, shard\) select r\.id, r\.aggregatetype, r\.aggregateid, r\.sequence, r\.type, r\.topic, r\.branch, r\.payload, r\.headers, r\.shard\s+from jsonb_to_recordset\(\$1::jsonb\) as r\([^)]*\)$/,
    );
  });

  it('is inserted from a JSON parameter, also with a payload that the statement completes', () => {
    expect(insertOutboxRows('$3', ', made', 'r.payload || made.more')).toMatch(
      /select r\.id, .*r\.branch, r\.payload \|\| made\.more, r\.headers, r\.shard\s+from jsonb_to_recordset\(\$3::jsonb\) as r\([^)]*\), made$/,
    );
  });

  it('lies in a shard that never changes, as rows keep it', () => {
    // FNV-1a of '' and 'a' are 0x811c9dc5 and 0xe40c292c
    expect([shardOf(''), shardOf('a')]).toEqual([0x5, 0xc]);
    expect(shardOf('0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e11')).toBe(9);
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
