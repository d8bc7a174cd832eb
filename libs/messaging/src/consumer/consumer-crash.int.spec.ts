import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '@steward/kernel';
import { eventually } from '@steward/testing';
import { reading } from '../../test/events.js';
import { KeepReading } from '../../test/handlers.js';
import { TOPICS, World } from '../../test/world.js';
import type { GroupConsumer, GroupConsumerOptions } from '../kafka/group-consumer.js';
import type { Kafka } from '../kafka/kafka.js';

jest.setTimeout(60_000);

describe('a consumer that dies', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
    await world.kafka.topics.ensure(TOPICS);
  });
  afterEach(() => world.quiet());
  afterAll(() => world.close());

  /** The real client; its deaths can be brought about. */
  const mortal = () => {
    const members: GroupConsumerOptions[] = [];
    let fails = false;
    const consumer = (options: GroupConsumerOptions): GroupConsumer => {
      members.push(options);
      const member = world.kafka.consumer(options);
      const start = async (): Promise<void> =>
        fails ? options.onCrash(new Error('no such group'), true) : member.start();
      return {
        start,
        stop: () => member.stop(),
        commit: member.commit.bind(member),
      } as unknown as GroupConsumer;
    };
    const die = (lasting: boolean): void => members.at(-1)!.onCrash(new Error('it died'), lasting);
    return {
      kafka: { ...world.kafka, consumer } as Kafka,
      members,
      die,
      failFromNowOn: () => (fails = true),
    };
  };

  it('is started again and goes on where it was, not ready meanwhile', async () => {
    world.relay();
    const client = mortal();
    const meter = newId();
    await world.append(reading(meter, 1));
    const runtime = world.consumer('reborn', [new KeepReading()], { kafka: client.kafka });
    await eventually(async () => (await world.effects('reborn')).length === 1);
    client.die(false);
    expect(runtime.health()).toEqual({ ok: false, detail: 'restarting: it died' });
    await world.append(reading(meter, 2));
    await eventually(async () => (await world.effects('reborn')).length === 2);
    expect((await world.effects('reborn')).map(({ sequence }) => sequence)).toEqual([1, 2]);
    await eventually(() => runtime.health().ok);
    expect(client.members).toHaveLength(2);
  });

  it('is replaced when it stops reading without a word', async () => {
    world.relay();
    const meter = newId();
    let members = 0;
    const consumer = (options: GroupConsumerOptions): GroupConsumer => {
      members += 1;
      const deaf = { ...options, onBatch: () => new Promise<void>((resolve) => setTimeout(resolve, 100)) };
      return world.kafka.consumer(members === 1 ? deaf : options);
    };
    await world.append(reading(meter, 1));
    const runtime = world.consumer('silent', [new KeepReading()], {
      kafka: { ...world.kafka, consumer },
      stallMs: 3000,
    });
    await eventually(async () => (await world.effects('silent')).some((row) => row.aggregate_id === meter), {
      timeoutMs: 40_000,
    });
    expect(members).toBe(2);
    await eventually(() => runtime.health().ok);
  });

  it('tells the process when restarting does not help', async () => {
    const client = mortal();
    const fatal: string[] = [];
    const onFatal = (error: Error): void => void fatal.push(error.message);
    const runtime = world.consumer('hopeless', [new KeepReading()], { kafka: client.kafka, onFatal });
    await eventually(() => runtime.health().ok);
    client.failFromNowOn();
    client.die(true);
    await eventually(() => fatal.length > 0, { timeoutMs: 40_000 });
    expect(fatal).toEqual(['no such group']);
    expect(runtime.health()).toEqual({ ok: false, detail: 'failed: no such group' });
    expect(client.members).toHaveLength(6);
  });
});
