import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '@steward/kernel';
import { WorkerDatabase } from '@steward/platform';
import { eventually } from '@steward/testing';
import { Readers, reading, TOPIC } from '../../test/events.js';
import { Gate, withFault } from '../../test/faults.js';
import { KeepReading, KeepReadings } from '../../test/handlers.js';
import { TOPICS, World } from '../../test/world.js';
import { republish } from '../republish.js';
import { Wake } from './wake.js';

jest.setTimeout(40_000);

describe('the relay', () => {
  let world: World;
  let other: WorkerDatabase;
  beforeAll(async () => {
    world = await World.create();
    other = await WorkerDatabase.connect<WorkerDatabase>({
      url: world.testDatabase.workerUrl,
      name: 'other-copy',
    });
    await world.kafka.topics.ensure(TOPICS);
  });
  afterEach(() => world.quiet());
  afterAll(async () => {
    await other.close();
    await world.close();
  });

  const unpublished = async (): Promise<number> =>
    Number(
      (await world.rows<{ n: string }>('select count(*) n from outbox where published_at is null'))[0]!.n,
    );
  const holders = () =>
    world.rows<{ pid: number; name: string }>(
      `select distinct pid, application_name name from pg_locks join pg_stat_activity using (pid)
       where locktype = 'advisory' and classid = 727002 and datname = current_database()`,
    );
  const kill = async (pid: number): Promise<void> => {
    await world.rows('select pg_terminate_backend($1)', [pid]);
  };
  const sequencesOf = async (consumer: string, meter: string): Promise<number[]> =>
    (await world.effects(consumer))
      .filter((row) => row.aggregate_id === meter)
      .map(({ sequence }) => sequence);
  const oneTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

  it('publishes what a process left behind that died after its commit', async () => {
    const meter = newId();
    await world.append(reading(meter, 1), reading(meter, 2));
    expect(await unpublished()).toBe(2);
    world.relay();
    world.consumer('left-behind', [new KeepReading()]);
    await eventually(async () => (await sequencesOf('left-behind', meter)).length === 2);
    expect(await unpublished()).toBe(0);
  });

  it('only repeats events when it dies between publishing and marking; the consumer applies them once', async () => {
    const meter = newId();
    let published = 0;
    const after = async (): Promise<void> => {
      published += 1;
      if (published === 1) for (const { pid } of await holders()) await kill(pid);
    };
    await world.append(reading(meter, 1), reading(meter, 2), reading(meter, 3));
    world.relay({ kafka: withFault(world.kafka, { after }) });
    world.consumer('twice', [new KeepReading()]);
    await eventually(async () => published >= 2 && (await unpublished()) === 0);
    const wire = (await world.read(TOPIC)).filter(({ key }) => key === meter);
    expect(wire.map(({ headers }) => Number(headers['ce_sequence']))).toEqual([1, 2, 3, 1, 2, 3]);
    expect(new Set(wire.map(({ headers }) => headers['ce_id'])).size).toBe(3);
    await eventually(async () => (await sequencesOf('twice', meter)).length === 3);
    const end = await world.kafka.topics.endPositions([TOPIC]);
    await eventually(
      async () =>
        JSON.stringify(await world.kafka.topics.groupPositions('steward.twice', [TOPIC])) ===
        JSON.stringify(end),
    );
    expect(await sequencesOf('twice', meter)).toEqual([1, 2, 3]);
  });

  it('works in one of two copies; the other takes over when the first ends', async () => {
    const first = world.relay();
    await eventually(async () => (await holders()).length === 1);
    const second = world.relay({ database: other, wake: new Wake() });
    await eventually(() => second.health().detail === 'standing by');
    await first.stop();
    await eventually(async () => (await holders())[0]?.name === 'other-copy');
    const meter = newId();
    await world.append(reading(meter, 1));
    await eventually(async () => (await unpublished()) === 0);
  });

  it('gives its locks back when it cannot publish, so that a copy that can takes over', async () => {
    const refused = withFault(world.kafka, {
      before: () => Promise.reject(new Error('the cluster does not let this copy in')),
    });
    world.relay({ kafka: refused });
    await eventually(async () => (await holders()).length === 1);
    const meter = newId();
    await world.append(reading(meter, 1));
    world.relay({ database: other, wake: new Wake() });
    await eventually(async () => (await unpublished()) === 0, { timeoutMs: 30_000 });
    expect((await holders()).map(({ name }) => name)).toEqual(['other-copy']);
  });

  it('a holder that lost its connection while publishing does not go on; order and content stay right', async () => {
    const meter = newId();
    const gate = new Gate();
    gate.close();
    world.onClose(() => Promise.resolve(gate.let()));
    const zombie = withFault(world.kafka, { before: () => gate.passed() });
    world.relay({ kafka: zombie });
    await world.append(...oneTo(20).map((n) => reading(meter, n)));
    await eventually(() => gate.reached === 1);
    world.relay({ database: other, wake: new Wake() });
    for (const { pid } of await holders()) await kill(pid);
    await eventually(async () => (await unpublished()) === 0);
    await world.append(...oneTo(20).map((n) => reading(meter, n + 20)));
    await eventually(async () => (await unpublished()) === 0);
    gate.let();
    world.consumer('zombie', [new KeepReading()]);
    await eventually(async () => (await sequencesOf('zombie', meter)).length === 40);
    expect(await sequencesOf('zombie', meter)).toEqual(oneTo(40));
    expect((await holders()).map(({ name }) => name)).toEqual(['other-copy']);
  });

  it('is woken in the process after the commit, long before it would look by itself', async () => {
    const relay = world.relay({ pollMs: 60_000 });
    await eventually(() => relay.health().detail === 'oldest unpublished 0 s');
    await eventually(async () => (await holders()).length === 1);
    for (let n = 1; n <= 3; n += 1) {
      await world.append(reading(newId(), 1));
      await eventually(async () => (await unpublished()) === 0, { timeoutMs: 3000 });
    }
  });

  it('is woken across copies by a notice', async () => {
    world.relay({ database: other, wake: new Wake(), pollMs: 60_000 });
    await eventually(async () => (await holders())[0]?.name === 'other-copy');
    const standby = world.relay({ pollMs: 60_000 });
    await eventually(() => standby.health().detail === 'standing by');
    for (let n = 1; n <= 3; n += 1) {
      await world.append(reading(newId(), 1));
      await eventually(async () => (await unpublished()) === 0, { timeoutMs: 3000 });
    }
  });

  it('divides the shards among several relays and keeps the order per key', async () => {
    world.relay({ unit: { index: 0, of: 2 } });
    world.relay({ unit: { index: 1, of: 2 } });
    const meters = Array.from({ length: 40 }, () => newId());
    for (let n = 1; n <= 5; n += 1) await world.append(...meters.map((meter) => reading(meter, n)));
    await eventually(async () => (await unpublished()) === 0);
    const wire = await world.read(TOPIC);
    for (const meter of meters)
      expect(
        wire.filter(({ key }) => key === meter).map(({ headers }) => Number(headers['ce_sequence'])),
      ).toEqual(oneTo(5));
  });

  it('keeps the order per key under a backlog of thousands, while others go on writing', async () => {
    const meters = Array.from({ length: 60 }, () => newId());
    const write = async (mine: readonly string[], from: number, until: number): Promise<void> => {
      for (let n = from; n <= until; n += 1) await world.append(...mine.map((meter) => reading(meter, n)));
    };
    const writers = Array.from({ length: 6 }, (_, i) => meters.slice(i * 10, i * 10 + 10));
    await Promise.all(writers.map((mine) => write(mine, 1, 40)));
    const before = (await world.kafka.topics.endPositions([TOPIC]))[TOPIC]!.reduce((a, b) => a + b, 0);
    world.relay();
    await Promise.all(writers.map((mine) => write(mine, 41, 80)));
    await world.published();
    const after = (await world.kafka.topics.endPositions([TOPIC]))[TOPIC]!.reduce((a, b) => a + b, 0);
    expect(after - before).toBe(60 * 80);
    const wire = new Map<string, number[]>(meters.map((meter) => [meter, []]));
    for (const { key, headers } of await world.read(TOPIC))
      wire.get(key)?.push(Number(headers['ce_sequence']));
    for (const sequences of wire.values()) expect(sequences).toEqual(oneTo(80));
  });

  it('fills lost topics again with the same ids in order, and personal values as well', async () => {
    const meter = newId();
    await world.append(...oneTo(5).map((n) => reading(meter, n)));
    await world.app.transaction(world.ctx().scope, (tx) =>
      world.persons.put(tx, Readers, meter, { readerId: meter, name: 'Wu' }),
    );
    world.relay();
    world.consumer('refilled', [new KeepReadings()]);
    await eventually(async () => (await sequencesOf('refilled', meter)).length === 5);
    const before = new Set((await world.effects('refilled')).map(({ event_id }) => event_id));
    await world.quiet();
    await world.kafka.topics.delete([TOPIC, Readers.topic]);
    await eventually(async () => (await world.kafka.topics.missing([TOPIC, Readers.topic])).length === 2);

    await world.append(reading(meter, 6));
    await republish({ database: world.worker, kafka: world.kafka, service: 'meters', topics: TOPICS });
    world.relay();
    await eventually(async () => (await unpublished()) === 0);
    world.consumer('fresh', [new KeepReadings()]);
    await eventually(async () => (await sequencesOf('fresh', meter)).length === 6);
    expect(await sequencesOf('fresh', meter)).toEqual(oneTo(6));
    await eventually(async () => {
      const after = new Set((await world.effects('fresh')).map(({ event_id }) => event_id));
      return [...before].every((id) => after.has(id));
    });
    const persons = await world.read(Readers.topic);
    expect(
      persons.filter(({ key }) => key === meter).map(({ value }) => JSON.parse(value!) as unknown),
    ).toEqual([{ readerId: meter, name: 'Wu' }]);
    expect(await world.rows('select 1 from parked_event')).toEqual([]);
  });

  it('says in plain words that a topic is missing, keeps the events, and goes on once it exists', async () => {
    await world.kafka.topics.delete([TOPIC]);
    await eventually(async () => (await world.kafka.topics.missing([TOPIC])).length === 1);
    const relay = world.relay({ ensureTopics: () => Promise.resolve() });
    await world.append(reading(newId(), 1));
    await eventually(() => /There is no topic meters\.v1/.test(relay.health().detail ?? ''), {
      timeoutMs: 30_000,
    });
    expect(await unpublished()).toBe(1);
    await world.kafka.topics.ensure(TOPICS);
    await eventually(async () => (await unpublished()) === 0, { timeoutMs: 30_000 });
  });

  it('is not ready when rows wait and nothing is published', async () => {
    const gate = new Gate();
    gate.close();
    world.onClose(() => Promise.resolve(gate.let()));
    const relay = world.relay({ kafka: withFault(world.kafka, { before: () => gate.passed() }) });
    await world.append(reading(newId(), 1));
    await eventually(() => gate.reached === 1);
    expect(relay.health().ok).toBe(true);
    expect(relay.health(Date.now() + 40_000)).toMatchObject({ ok: false });
    gate.let();
    await eventually(async () => (await unpublished()) === 0);
    await eventually(() => relay.health(Date.now() + 40_000).ok);
  });
});
