import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '@steward/kernel';
import { Audit, GROUP_SCOPE } from '@steward/platform';
import { eventually } from '@steward/testing';
import { Readers, reading, TOPIC } from '../../test/events.js';
import { KeepReadings } from '../../test/handlers.js';
import { TOPICS, World } from '../../test/world.js';
import { silentLog } from '../log.js';
import { parkEvents } from '../parking/parked-store.js';
import { ensureOwnTopics } from './republication.js';
import { isRefilling } from './refill.js';

jest.setTimeout(60_000);

describe('topics that were lost', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterEach(() => world.quiet());
  afterAll(() => world.close());

  const audit = new Audit('k'.repeat(32));
  const ensure = () =>
    ensureOwnTopics({
      database: world.worker,
      kafka: world.kafka,
      audit,
      service: 'meters',
      topics: TOPICS,
      now: () => new Date(),
      log: silentLog,
    });
  const lose = async (): Promise<void> => {
    await world.kafka.topics.delete(TOPICS.map(({ name }) => name));
    await eventually(
      async () => (await world.kafka.topics.missing(TOPICS.map(({ name }) => name))).length === TOPICS.length,
    );
  };
  const wishes = () =>
    world.rows<{ reason: string; actor: string }>(
      `select reason, actor from audit where entity = 'outbox' and action = 'republish' order by pos`,
    );
  const sequencesOf = async (consumer: string, meter: string): Promise<number[]> =>
    (await world.effects(consumer))
      .filter((row) => row.aggregate_id === meter)
      .map(({ sequence }) => sequence);

  it('a new service makes its topics and republishes nothing', async () => {
    await world.append(reading(newId(), 1));
    await ensure();
    expect(await world.kafka.topics.missing(TOPICS.map(({ name }) => name))).toEqual([]);
    expect(await wishes()).toEqual([]);
    expect(await isRefilling(world.worker)).toBe(false);
  });

  it('are filled again from the history before anything newer, by themselves, and the trail tells it', async () => {
    const meter = newId();
    await world.append(...[1, 2, 3].map((n) => reading(meter, n)));
    await world.app.transaction(GROUP_SCOPE, (tx) =>
      world.persons.put(tx, Readers, meter, { readerId: meter, name: 'Wu' }),
    );
    const before = world.relay({ ensureTopics: ensure });
    await world.published();
    await eventually(async () => (await world.read(Readers.topic)).length === 1);
    await before.stop();
    await lose();

    await world.append(reading(meter, 4), reading(meter, 5));
    world.relay({ ensureTopics: ensure });
    await world.published();
    await eventually(async () => !(await isRefilling(world.worker)));
    const wire = (await world.read(TOPIC)).filter(({ key }) => key === meter);
    expect(wire.map(({ headers }) => Number(headers['ce_sequence']))).toEqual([1, 2, 3, 4, 5]);
    expect((await world.read(Readers.topic)).map(({ key }) => key)).toEqual([meter]);
    world.consumer('anew', [new KeepReadings()]);
    await eventually(async () => (await sequencesOf('anew', meter)).length === 5);
    expect(await world.rows('select 1 from parked_event')).toEqual([]);
    expect(await wishes()).toEqual([
      { actor: expect.stringContaining('outbox-relay'), reason: expect.stringContaining(TOPIC) },
    ]);
  });

  it('are asked for once, also when the first attempt was cut short before they were made', async () => {
    await lose();
    const known = (await wishes()).length;
    const kafka = {
      ...world.kafka,
      topics: {
        ...world.kafka.topics,
        missing: () => Promise.resolve([TOPIC]),
        ensure: () => Promise.reject(new Error('cut')),
      },
    };
    const cut = { database: world.worker, kafka: kafka as never, audit, service: 'meters', topics: TOPICS };
    await expect(ensureOwnTopics({ ...cut, now: () => new Date(), log: silentLog })).rejects.toThrow('cut');
    await ensure();
    expect((await wishes()).length).toBe(known + 1);
    expect(await isRefilling(world.worker)).toBe(true);
  });

  it('an event is parked although another lay at the same offset of the topic that was lost', async () => {
    const place = { consumer: 'places', topic: TOPIC, partition: 0 };
    const fault = { code: 'spec.fault', reason: 'It cannot be applied.' };
    const at7 = (key: string) => ({
      fault,
      incoming: {
        key,
        message: {
          key: Buffer.from(key),
          value: null,
          headers: {},
          offset: '7',
          timestamp: '',
          attributes: 0,
        },
      },
    });
    for (const key of ['old', 'new', 'new'])
      await world.worker.transaction(GROUP_SCOPE, (tx) => parkEvents(tx, place, [at7(key)], new Date()));
    const rows = await world.rows<{ key: string }>(
      `select key from parked_event where consumer = 'places' order by key`,
    );
    expect(rows.map(({ key }) => key)).toEqual(['new', 'old']);
  });
});
