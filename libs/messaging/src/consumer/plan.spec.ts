import { describe, expect, it } from '@jest/globals';
import { toHeaders } from '@steward/contracts';
import { newId } from '@steward/kernel';
import fc from 'fast-check';
import { BRANCH, MeterPainted, MeterRead, MeterSealed } from '../../test/events.js';
import type { KafkaMessage } from '../kafka/group-consumer.js';
import { handlerTable } from './handler-table.js';
import { Handles } from './handles.decorator.js';
import { readIncoming, type Incoming } from './incoming.js';
import { gatherRuns, planChunk, type Known } from './plan.js';

const reasons = { repeat: 'spec', late: 'spec' };

@Handles(MeterRead, reasons)
class Many {
  handleMany(): Promise<void> {
    return Promise.resolve();
  }
}

@Handles(MeterSealed, reasons)
class One {
  handle(): Promise<void> {
    return Promise.resolve();
  }
}

const table = handlerTable('spec', [new Many(), new One()], () => true);
const nothing: Known = { applied: new Map(), parkedKeys: new Set() };
const at = new Date('2026-03-01T08:00:00Z');
const SEALED = { seal: 'A' };
const PAINTED = { colour: 'red' };

let offset = 0;

const message = (
  meter: string,
  sequence: number,
  type = MeterRead.type,
  data: unknown = { value: 1 },
): KafkaMessage => {
  const envelope = {
    id: newId(),
    type,
    source: 'meters',
    subject: meter,
    time: at,
    branch: BRANCH,
    sequence,
  } as const;
  const rest = { recordedTime: at, actor: 'spec', correlationId: 'c', origin: 'live', late: false } as const;
  return {
    key: Buffer.from(meter),
    value: Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)),
    headers: toHeaders({ ...envelope, ...rest }),
    offset: String((offset += 1)),
    timestamp: '',
    attributes: 0,
  };
};

const incoming = (...args: Parameters<typeof message>): Incoming => readIncoming(message(...args));

describe('the plan of a chunk', () => {
  const [a, b] = [newId(), newId()];
  const summary = (chunk: Incoming[], known: Known = nothing) => {
    const { due, unfit, sequences } = planChunk(chunk, table, known);
    return {
      due: due.map(({ event }) => event.sequence),
      unfit: unfit.map(({ fault }) => fault.code),
      reached: sequences.get(a),
    };
  };

  it('applies what follows on what was applied, and passes over repeats', () => {
    const chunk = [incoming(a, 2), incoming(a, 3), incoming(a, 4), incoming(a, 3)];
    expect(summary(chunk, { ...nothing, applied: new Map([[a, 2]]) })).toEqual({
      due: [3, 4],
      unfit: [],
      reached: 4,
    });
    expect(summary(chunk, { ...nothing, applied: new Map([[a, 9]]) })).toEqual({
      due: [],
      unfit: [],
      reached: undefined,
    });
  });

  it('counts types that nobody handles, without reading them', () => {
    const painted = incoming(a, 1, MeterPainted.type, 'not even JSON');
    expect(summary([painted, incoming(a, 2)])).toEqual({ due: [2], unfit: [], reached: 2 });
  });

  it('parks after a gap, also of the first event, and everything of the key behind it', () => {
    expect(summary([incoming(a, 1), incoming(a, 3), incoming(a, 4, MeterPainted.type, PAINTED)])).toEqual({
      due: [1],
      unfit: ['sequence-gap', 'behind'],
      reached: 1,
    });
    expect(summary([incoming(a, 2)]).unfit).toEqual(['sequence-gap']);
    const [{ fault } = { fault: undefined }] = planChunk([incoming(a, 3)], table, nothing).unfit;
    expect(fault?.reason).toBe('Event 3 of the aggregate came where 1 was expected');
  });

  it('parks what breaks its schema or is no JSON, and what follows, but no other key', () => {
    const chunk = [
      incoming(a, 1, MeterRead.type, '{"value":'),
      incoming(b, 1),
      incoming(a, 2),
      incoming(newId(), 1, MeterRead.type, { value: 'x' }),
    ];
    expect(summary(chunk)).toEqual({
      due: [1],
      unfit: ['event.malformed-json', 'behind', 'event.invalid'],
      reached: undefined,
    });
  });

  it('parks behind keys that have parked events, and still passes over their repeats', () => {
    const known = { applied: new Map([[a, 1]]), parkedKeys: new Set([a]) };
    expect(summary([incoming(a, 1), incoming(a, 2), incoming(b, 1)], known)).toEqual({
      due: [1],
      unfit: ['behind'],
      reached: undefined,
    });
  });

  it('parks what has no headers of an event, and names what is wrong', () => {
    const { unfit } = planChunk(
      [readIncoming({ ...message(a, 1), headers: { ce_id: 'x' } } as KafkaMessage)],
      table,
      nothing,
    );
    expect(unfit[0]!.fault).toMatchObject({
      code: 'event.malformed-headers',
      reason: expect.stringContaining('ce_type is missing'),
    });
    const upper = message(a, 1);
    upper.headers!['ce_subject'] = a.toUpperCase();
    expect(readIncoming(upper).fault?.reason).toMatch(/UUID in lower case/);
  });

  it('parks what has no headers behind what is parked of its key', () => {
    const broken = () => readIncoming({ ...message(a, 1), headers: {} } as KafkaMessage);
    expect(summary([broken(), broken(), incoming(a, 1)]).unfit).toEqual([
      'event.malformed-headers',
      'behind',
      'behind',
    ]);
    expect(summary([incoming(a, 2), broken()]).unfit).toEqual(['sequence-gap', 'behind']);
  });
});

describe('the headers of a message', () => {
  const changed = (headers: Record<string, unknown>): Incoming => {
    const made = message(newId(), 3);
    return readIncoming({ ...made, headers: { ...made.headers, ...headers } } as KafkaMessage);
  };

  it('give what the guards need', () => {
    const made = message('0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e11', 3);
    const { message: same, ...read } = readIncoming(made);
    expect(same).toBe(made);
    expect(read).toEqual({
      key: '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e11',
      head: {
        id: made.headers!['ce_id']!.toString(),
        type: MeterRead.type,
        aggregate: '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e11',
        sequence: 3,
        branch: BRANCH,
      },
    });
  });

  it('of a fact of the group name no branch, and say so', () => {
    expect(changed({ ce_branch: undefined, ce_group: 'true' }).head).toMatchObject({ branch: null });
    expect(changed({ ce_branch: undefined, ce_group: 'no' }).head).toBeUndefined();
    expect(changed({ ce_branch: undefined }).head).toBeUndefined();
  });

  it.each([
    ['no type', { ce_type: '' }],
    ['no id', { ce_id: undefined }],
    ['an id twice', { ce_id: [Buffer.from(newId())] }],
    ['an id that is none', { ce_id: `x${newId()}` }],
    ['a record that is none', { ce_subject: `${newId()}x` }],
    ['a branch that is none', { ce_branch: 'EB1' }],
    ['no sequence', { ce_sequence: undefined }],
    ['the sequence 0', { ce_sequence: '0' }],
    ['half a sequence', { ce_sequence: '1.5' }],
    ['a sequence in words', { ce_sequence: 'two' }],
  ])('are refused with %s', (_title, headers) => {
    const read = changed(headers);
    expect(read.head).toBeUndefined();
    expect(read.fault).toMatchObject({ code: 'event.malformed-headers', reason: expect.stringMatching(/./) });
  });

  it('may be absent as a whole, with the key', () => {
    const read = readIncoming({ ...message(newId(), 1), key: null, headers: undefined } as never);
    expect(read).toMatchObject({ key: '', fault: { code: 'event.malformed-headers' } });
  });
});

describe('runs of one type', () => {
  const planned = (chunk: Incoming[]) => gatherRuns(planChunk(chunk, table, nothing).due);

  it('join events of different keys across others, for handlers of many', () => {
    const [a, b, c] = [newId(), newId(), newId()];
    const chunk = [
      incoming(a, 1),
      incoming(b, 1, MeterSealed.type, SEALED),
      incoming(c, 1),
      incoming(b, 2),
      incoming(a, 2),
    ];
    const runs = planned(chunk).map(({ entry, events }) => [
      entry.definition.name,
      events.map(({ subject }) => subject),
    ]);
    expect(runs).toEqual([
      ['meter-read', [a, c]],
      ['meter-sealed', [b]],
      ['meter-read', [b, a]],
    ]);
  });

  it('of a handler of single events join only their neighbours', () => {
    const [a, b, c, d] = [newId(), newId(), newId(), newId()];
    const sealed = (key: string) => incoming(key, 1, MeterSealed.type, SEALED);
    const runs = planned([sealed(a), sealed(b), incoming(c, 1), sealed(d)]);
    expect(runs.map(({ events }) => events.map(({ subject }) => subject))).toEqual([[a, b], [c], [d]]);
  });

  it('keep the order per key, whatever comes', () => {
    const keys = Array.from({ length: 4 }, () => newId());
    const chunk = fc.array(fc.record({ key: fc.constantFrom(...keys), sealed: fc.boolean() }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(chunk, (events) => {
        const next = new Map<string, number>();
        const made = events.map(({ key, sealed }) => {
          const sequence = (next.get(key) ?? 0) + 1;
          next.set(key, sequence);
          return sealed ? incoming(key, sequence, MeterSealed.type, SEALED) : incoming(key, sequence);
        });
        const flat = planned(made).flatMap((run) => run.events);
        expect(flat).toHaveLength(events.length);
        for (const key of keys) {
          const sequences = flat.filter(({ subject }) => subject === key).map(({ sequence }) => sequence);
          expect(sequences).toEqual(sequences.map((_, i) => i + 1));
        }
      }),
    );
  });
});
