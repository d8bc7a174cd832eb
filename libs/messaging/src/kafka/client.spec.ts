import { hash } from 'node:crypto';
import { createRequire } from 'node:module';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { newId } from '@steward/kernel';
import { Partitioners } from 'kafkajs';
import { createKafka } from './kafka.js';
import { murmur2, partitionOf } from './key-partition.js';
import { protocolClasses } from './record-codec.js';
import { fixRequestQueueTimer, requestQueueClass } from './request-queue-timer.js';

const require = createRequire(import.meta.url);

describe("the client's timer", () => {
  it('is still the method that is replaced, called by the methods that are known', () => {
    const { prototype } = requestQueueClass();
    expect(typeof prototype.scheduleCheckPendingRequests).toBe('function');
    expect(typeof prototype.checkPendingRequests).toBe('function');
    const check: unknown = Reflect.get(prototype, 'checkPendingRequests');
    expect(String(check)).toContain('this.scheduleCheckPendingRequests()');
  });

  it('sleeps when nothing waits and no throttle is active, and wakes when there is', () => {
    fixRequestQueueTimer();
    const queue = Object.create(requestQueueClass().prototype) as ReturnType<
      typeof requestQueueClass
    >['prototype'];
    Object.assign(queue, { pending: [], throttledUntil: -1, throttleCheckTimeoutId: null });
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
    queue.throttledUntil = Date.now() + 50;
    queue.scheduleCheckPendingRequests();
    const timer = queue.throttleCheckTimeoutId;
    expect(timer).not.toBeNull();
    queue.pending = [{}];
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBe(timer);
    clearTimeout(timer!);
  });

  describe('checks', () => {
    afterEach(() => {
      jest.useRealTimers();
    });

    it.each([
      ['after ten milliseconds what waits', [{}], -1, 10],
      ['when the throttle ends', [], 50, 50],
      ['when the throttle ends, although something waits', [{}], 50, 50],
    ])('%s, and then sleeps', (_title, pending, throttledFor, after) => {
      jest.useFakeTimers();
      fixRequestQueueTimer();
      const checks: number[] = [];
      const began = Date.now();
      const queue = Object.assign(
        Object.create(requestQueueClass().prototype) as ReturnType<typeof requestQueueClass>['prototype'],
        {
          pending,
          throttledUntil: throttledFor < 0 ? -1 : began + throttledFor,
          throttleCheckTimeoutId: null,
          checkPendingRequests: () => void checks.push(Date.now() - began),
        },
      );
      queue.scheduleCheckPendingRequests();
      jest.advanceTimersByTime(1000);
      expect(checks).toEqual([after]);
      expect(queue.throttleCheckTimeoutId).toBeNull();
    });

    it('nothing when the throttle has just ended', () => {
      jest.useFakeTimers();
      fixRequestQueueTimer();
      const queue = Object.create(requestQueueClass().prototype) as ReturnType<
        typeof requestQueueClass
      >['prototype'];
      Object.assign(queue, { pending: [], throttledUntil: Date.now(), throttleCheckTimeoutId: null });
      queue.scheduleCheckPendingRequests();
      expect(queue.throttleCheckTimeoutId).toBeNull();
    });
  });
});

describe('the codec of records', () => {
  type Encoded = { buffer: Buffer };
  type Encode = new () => Encoded & { writeVarInt(n: number): void; writeVarLong(n: unknown): void };
  type Decode = new (buffer: Buffer) => { readVarInt(): number };
  type Produce = (request: object) => { encode(): Promise<Encoded> };
  const protocol = 'kafkajs/src/protocol';
  const record = require(`${protocol}/recordBatch/record/v0/index.js`) as (message: object) => Encoded;
  const read = require(`${protocol}/recordBatch/record/v0/decoder.js`) as (
    decoder: object,
    batch: object,
  ) => object;
  const produce = require(`${protocol}/requests/produce/v7/request.js`) as Produce;

  const signed = [
    0,
    1,
    63,
    64,
    127,
    128,
    300,
    8191,
    8192,
    1 << 20,
    2 ** 29,
    2 ** 30 - 1,
    -1,
    -64,
    -65,
    -(2 ** 31),
  ];
  const headers = { ce_id: newId(), ce_type: 'meters.meter-read.v1', many: ['a', 'b', 'c'], empty: '' };
  // Every length around the sizes at which buffers grow, on its own and as part of a whole request.
  const lengths = Array.from({ length: 2200 }, (_, length) => length);
  const messages = [
    { key: null, value: null, headers: {} },
    { key: 'k', value: '客服', headers },
    {
      key: 'k'.repeat(60),
      value: 'v'.repeat(100_000),
      headers: { long: 'h'.repeat(70), longer: 'h'.repeat(3000) },
    },
    ...lengths.map((length) => ({
      key: 'k',
      value: 'v'.repeat(length),
      headers: { h: 'h'.repeat(length % 700) },
    })),
  ];

  const requestOf = async (sent: readonly object[]): Promise<Buffer> => {
    const stamped = sent.map((message) => ({ ...message, timestamp: '1700000000000' }));
    const partitions = [{ partition: 0, firstSequence: 0, messages: stamped }];
    const topicData = [{ topic: 't', partitions }];
    return (await produce({ acks: -1, timeout: 1, producerId: -1, producerEpoch: 0, topicData }).encode())
      .buffer;
  };

  const everything = async (): Promise<string> => {
    const { encoder, decoder } = protocolClasses();
    const numbers = new (encoder as unknown as Encode)();
    for (const number of signed) {
      numbers.writeVarInt(number);
      numbers.writeVarLong(number);
    }
    const records = messages.map(
      (message) => record({ ...message, offsetDelta: 3, timestampDelta: 0 }).buffer,
    );
    const readBack = records.map((buffer) => {
      const source = new (decoder as unknown as Decode)(buffer);
      source.readVarInt();
      return read(source, { firstOffset: '10', firstTimestamp: '1000', magicByte: 2 });
    });
    const requests = [await requestOf(messages)];
    for (const message of messages) requests.push(await requestOf([message]));
    const sizes = signed.map((number) => encoder.sizeOfVarLong(number));
    const bytes = [numbers.buffer, ...records, ...requests].map((buffer) => hash('sha256', buffer));
    return JSON.stringify({ bytes, sizes, readBack });
  };

  it('writes and reads the same as the client by itself', async () => {
    const before = await everything();
    createKafka({ brokers: ['127.0.0.1:1'], clientId: 'spec' });
    expect(String(protocolClasses().encoder.prototype.writeUVarInt)).toContain('ensureAvailable');
    expect((await everything()) === before).toBe(true);
  });
});

describe('the partition of a key', () => {
  const theirs = require('kafkajs/src/producer/partitioners/default/murmur2.js') as (key: string) => number;
  const keys = [
    '',
    'a',
    'ab',
    'abc',
    'abcd',
    'é',
    '客服',
    'abcde',
    'abcdef',
    'abcdefg',
    '01a20231-06e5-708c-8a28-83784c89e3a3',
    'x'.repeat(1001),
  ];

  it.each(keys)('is that of every other client: %j', (key) => {
    expect(murmur2(key)).toBe(theirs(key));
    const partitionMetadata = Array.from(
      { length: 12 },
      (_, partitionId) => ({ partitionId, leader: 1 }) as never,
    );
    const message = { key: Buffer.from(key), value: null };
    const expected = Partitioners.DefaultPartitioner()({ topic: 't', partitionMetadata, message });
    expect(partitionOf(key, 12)).toBe(expected);
  });
});
