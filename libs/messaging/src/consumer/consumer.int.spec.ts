import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { EventEnvelope } from '@steward/contracts';
import { newId, unavailable } from '@steward/kernel';
import type { Tx } from '@steward/platform';
import { eventually } from '@steward/testing';
import {
  BRANCH,
  BRANCH_2,
  MeterPainted,
  MeterRead,
  MeterSealed,
  OTHER_TOPIC,
  Readers,
  reading,
  TOPIC,
  YardOpened,
} from '../../test/events.js';
import { KeepReader, KeepReading, KeepReadings, KeepSeal, keepEffects } from '../../test/handlers.js';
import { TOPICS, World } from '../../test/world.js';
import type { NewEvent } from '../outbox/outbox-row.js';
import { reached } from '../kafka/positions.js';
import { generationOf, reactionContext } from './consumer-scope.js';
import type { ConsumerRuntime } from './consumer-runtime.js';
import { meet } from './rebuild.js';
import { Handles } from './handles.decorator.js';
import { Waiting } from './waiting.js';

jest.setTimeout(60_000);

describe('a consumer', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
    await world.kafka.topics.ensure(TOPICS);
  });
  afterEach(() => world.quiet());
  afterAll(() => world.close());

  const oneTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
  const meters = (n: number): string[] => Array.from({ length: n }, () => newId());
  const sequencesOf = async (consumer: string, meter: string): Promise<number[]> =>
    (await world.effects(consumer))
      .filter((row) => row.aggregate_id === meter)
      .map(({ sequence }) => sequence);
  const caughtUp = (runtime: ConsumerRuntime, topics: readonly string[] = [TOPIC]) =>
    eventually(async () => reached(await runtime.positions(), await world.kafka.topics.endPositions(topics)));

  it('keeps the order per key while many keys flow, one by one and many at once', async () => {
    world.relay();
    const slow = new KeepReading();
    slow.before = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
    world.consumer('ordered-one', [slow, new KeepSeal()], { transactions: 3 });
    world.consumer('ordered-many', [new KeepReadings(), new KeepSeal()], { transactions: 3 });
    const keys = meters(30);
    for (let n = 1; n <= 12; n += 1)
      await world.append(
        ...keys.map((meter): NewEvent =>
          n % 4 === 0
            ? { ...reading(meter, n), definition: MeterSealed, data: { seal: String(n) } }
            : reading(meter, n),
        ),
      );
    for (const consumer of ['ordered-one', 'ordered-many']) {
      await eventually(async () => (await world.effects(consumer)).length === 360, { timeoutMs: 40_000 });
      const effects = await world.effects(consumer);
      for (const meter of keys)
        expect(effects.filter((row) => row.aggregate_id === meter).map(({ sequence }) => sequence)).toEqual(
          oneTo(12),
        );
    }
  });

  it('shares its partitions between two members and loses or repeats nothing when one comes and one goes', async () => {
    world.relay();
    const first = world.consumer('shared', [new KeepReading()]);
    const keys = meters(20);
    await world.append(...keys.map((meter) => reading(meter, 1)));
    await eventually(async () => (await world.effects('shared')).length > 0);
    const second = world.consumer('shared', [new KeepReading()]);
    for (let n = 2; n <= 10; n += 1) await world.append(...keys.map((meter) => reading(meter, n)));
    await eventually(() => first.health().ok && second.health().ok);
    await first.stop();
    for (let n = 11; n <= 15; n += 1) await world.append(...keys.map((meter) => reading(meter, n)));
    await world.published();
    await caughtUp(second);
    for (const meter of keys) expect(await sequencesOf('shared', meter)).toEqual(oneTo(15));
  });

  it('does nothing when everything comes again from the beginning, with or without inbox rows', async () => {
    world.relay();
    const meter = newId();
    await world.append(reading(meter, 1), reading(meter, 2), reading(meter, 3));
    const once = world.consumer('again', [new KeepReading()]);
    await eventually(async () => (await sequencesOf('again', meter)).length === 3);
    await once.stop();
    const before = await world.effects('again');
    for (const forget of [`select 1`, `delete from inbox where consumer = 'again'`]) {
      await world.rows(forget);
      await world.kafka.topics.deleteGroup('steward.again');
      const again = world.consumer('again', [new KeepReading()]);
      await caughtUp(again);
      expect(await world.effects('again')).toEqual(before);
      await again.stop();
    }
  });

  it('passes over what it does not handle, and still knows that nothing is missing', async () => {
    world.relay();
    const meter = newId();
    const painted = (n: number): NewEvent => ({
      ...reading(meter, n),
      definition: MeterPainted,
      data: { colour: 'red' },
    });
    await world.append(painted(1), reading(meter, 2), painted(3), painted(4), reading(meter, 5));
    world.consumer('some-types', [new KeepReading()]);
    await eventually(async () => (await sequencesOf('some-types', meter)).length === 2);
    expect(await sequencesOf('some-types', meter)).toEqual([2, 5]);
    expect(await world.rows(`select 1 from parked_event where consumer = 'some-types'`)).toEqual([]);
  });

  it('ORG-01 works in the branches of its events only, and under group scope for facts of the group', async () => {
    const scopes: unknown[] = [];
    @Handles(MeterRead, { repeat: 'spec', late: 'spec' })
    class SeeScope {
      async handle(tx: Tx, event: EventEnvelope<typeof MeterRead.sample>): Promise<void> {
        scopes.push([event.sequence, tx.scope.write]);
        await keepEffects(tx, [event]);
      }
    }
    const meter = newId();
    world.relay();
    await world.append(reading(meter, 1, 1, BRANCH));
    const runtime = world.consumer('scoped', [new SeeScope()]);
    await eventually(async () => (await sequencesOf('scoped', meter)).length === 1);
    await world.append(reading(meter, 2, 2, BRANCH_2));
    await eventually(async () => (await sequencesOf('scoped', meter)).length === 2);
    await world.append(reading(meter, 3, 3, null));
    await eventually(async () => (await sequencesOf('scoped', meter)).length === 3);
    await caughtUp(runtime);
    const last = scopes.slice(-2);
    expect(last).toEqual([
      [2, [BRANCH_2]],
      [3, '*'],
    ]);
  });

  it('tries transient failures again in place: order is kept and nothing is parked', async () => {
    world.relay();
    const meter = newId();
    const handler = new KeepReading();
    let failures = 0;
    handler.before = ({ subject, sequence }) => {
      if (subject !== meter || sequence !== 2 || (failures += 1) > 3) return;
      throw unavailable('spec.away', 'The neighbour does not answer.');
    };
    await world.append(reading(meter, 1), reading(meter, 2), reading(meter, 3));
    world.consumer('patient', [handler]);
    await eventually(async () => (await sequencesOf('patient', meter)).length === 3);
    expect(await sequencesOf('patient', meter)).toEqual([1, 2, 3]);
    expect(failures).toBeGreaterThan(3);
    expect(await world.rows(`select 1 from parked_event where consumer = 'patient'`)).toEqual([]);
  });

  it('writes effect, guard and own events in one transaction', async () => {
    const outbox = world.outbox;
    @Handles(MeterRead, { repeat: 'spec', late: 'spec' })
    class OpenYard {
      failures = 0;
      async handle(tx: Tx, event: EventEnvelope<typeof MeterRead.sample>): Promise<void> {
        if (event.subject !== meter) return;
        await outbox.append(tx, reactionContext(tx, event, new Date()), {
          definition: YardOpened,
          aggregateId: yard,
          branchId: event.branch,
          sequence: event.sequence,
          data: { name: 'N' },
          occurredAt: event.time,
        });
        if (event.sequence === 2 && (this.failures += 1) < 3) throw unavailable('spec.away', 'Later.');
      }
    }
    const [meter, yard] = [newId(), newId()];
    world.relay();
    await world.append(reading(meter, 1), reading(meter, 2));
    world.consumer('reacting', [new OpenYard()]);
    const rows = await eventually(async () => {
      const found = await world.rows<{ headers: Record<string, string>; sequence: string }>(
        'select headers, sequence from outbox where aggregateid = $1 order by pos',
        [yard],
      );
      return found.length === 2 && found;
    });
    expect(rows.map(({ sequence }) => Number(sequence))).toEqual([1, 2]);
    const [cause] = await world.rows<{ id: string }>(
      'select id from outbox where aggregateid = $1 order by pos',
      [meter],
    );
    expect(rows[0]!.headers).toMatchObject({ ce_actor: 'reacting', ce_causationid: cause!.id });
  });

  it('lets a fact wait that comes before what it names, and applies it when that comes, in order', async () => {
    const waiting = new Waiting();
    @Handles(MeterRead, { repeat: 'spec', late: 'waits for its yard' })
    class KeepWhenYardIsThere {
      async handle(tx: Tx, event: EventEnvelope<typeof MeterRead.sample>): Promise<void> {
        const { yardId } = event.data;
        if (yardId === undefined) return;
        const known = await tx.query(`select 1 from yard where consumer = 'early' and id = $1`, [yardId]);
        if (known.length === 0) await waiting.hold(tx, { for: yardId, event });
        else await keepEffects(tx, [event]);
      }
    }
    @Handles(YardOpened, { repeat: 'spec', late: 'applies what waits' })
    class OpenYard {
      async handle(tx: Tx, event: EventEnvelope): Promise<void> {
        await tx.query(`insert into yard values ('early', $1)`, [event.subject]);
        await waiting.release(tx, event.subject);
      }
    }
    const [yard, one, two] = [newId(), newId(), newId()];
    const early = (meter: string, n: number, branch: string): NewEvent => ({
      ...reading(meter, n, n, branch),
      data: { value: n, yardId: yard },
    });
    world.relay();
    await world.append(early(one, 1, BRANCH), early(one, 2, BRANCH), early(two, 1, BRANCH_2));
    world.consumer('early', [new KeepWhenYardIsThere(), new OpenYard()]);
    await eventually(
      async () => (await world.rows(`select 1 from waiting_fact where consumer = 'early'`)).length === 3,
    );
    expect(await world.effects('early')).toEqual([]);
    // The yard is a fact of the first branch; what waits belongs to two.
    await world.append({
      definition: YardOpened,
      aggregateId: yard,
      branchId: BRANCH,
      sequence: 1,
      data: { name: 'East' },
      occurredAt: new Date(),
    });
    await eventually(async () => (await world.effects('early')).length === 3);
    expect(await sequencesOf('early', one)).toEqual([1, 2]);
    expect(await sequencesOf('early', two)).toEqual([1]);
    expect(await world.rows(`select 1 from waiting_fact where consumer = 'early'`)).toEqual([]);
    await world.append(early(one, 3, BRANCH));
    await eventually(async () => (await sequencesOf('early', one)).length === 3);
  });

  it('GRP-03 rebuilds under a new generation beside the old one, equal at the same positions', async () => {
    world.relay();
    const generations = new Set<unknown>();
    @Handles(MeterRead, { repeat: 'spec', late: 'spec' })
    class KeepGeneration {
      async handleMany(tx: Tx, events: readonly EventEnvelope<typeof MeterRead.sample>[]): Promise<void> {
        generations.add(generationOf(tx));
        await keepEffects(tx, events);
      }
    }
    const keys = meters(10);
    const old = world.consumer('figures', [new KeepGeneration()], { generation: 1 });
    for (let n = 1; n <= 5; n += 1) await world.append(...keys.map((meter) => reading(meter, n)));
    await eventually(async () => (await world.effects('figures.g1')).length >= 50);
    const fresh = world.consumer('figures', [new KeepGeneration()], { generation: 2 });
    for (let n = 6; n <= 8; n += 1) await world.append(...keys.map((meter) => reading(meter, n)));
    const met = await meet([old, fresh]);
    await world.append(...keys.map((meter) => reading(meter, 9)));
    await world.published();
    const content = async (consumer: string) =>
      (await world.effects(consumer))
        .map((row) => `${row.aggregate_id} ${row.sequence} ${row.event_id}`)
        .sort();
    expect(await content('figures.g2')).toEqual(await content('figures.g1'));
    expect(await old.positions()).toEqual(met);
    expect(await fresh.positions()).toEqual(met);
    old.limit(undefined);
    fresh.limit(undefined);
    await caughtUp(old);
    await caughtUp(fresh);
    expect(await content('figures.g2')).toEqual(await content('figures.g1'));
    expect([...generations]).toEqual([1, 2]);
  });

  it('ORG-04 keeps the latest personal value, also after a restart from the beginning, and drops erased ones', async () => {
    world.relay();
    const [kept, erased] = [newId(), newId()];
    const put = (key: string, name: string) =>
      world.app.transaction(world.ctx().scope, (tx) =>
        world.persons.put(tx, Readers, key, { readerId: key, name }),
      );
    await put(kept, 'Li');
    await put(erased, 'Wang');
    const copy = world.consumer('copy', [new KeepReader()]);
    const names = async () =>
      Object.fromEntries(
        (
          await world.rows<{ key: string; name: string }>(
            `select key, name from reader where consumer = 'copy'`,
          )
        ).map(({ key, name }) => [key, name]),
      );
    await eventually(async () => (await names())[erased] === 'Wang');
    await put(kept, 'Li Na');
    await world.app.transaction(world.ctx().scope, (tx) => world.persons.erase(tx, Readers, erased));
    await eventually(async () => (await names())[erased] === undefined);
    await eventually(async () => (await names())[kept] === 'Li Na');
    await copy.stop();
    await world.kafka.topics.deleteGroup('steward.copy');
    const again = world.consumer('copy', [new KeepReader()]);
    await caughtUp(again, [Readers.topic]);
    expect(await names()).toEqual({ [kept]: 'Li Na' });
  });

  it('waits for topics that their service has not made yet, not ready meanwhile', async () => {
    await world.kafka.topics.delete([OTHER_TOPIC]);
    await eventually(async () => (await world.kafka.topics.missing([OTHER_TOPIC])).length === 1);
    @Handles(YardOpened, { repeat: 'spec', late: 'spec' })
    class SeeYard {
      async handle(): Promise<void> {
        return Promise.resolve();
      }
    }
    const runtime = world.consumer('patient-start', [new SeeYard()]);
    await eventually(() => runtime.health().detail === `waiting for topics: ${OTHER_TOPIC}`);
    expect(runtime.health().ok).toBe(false);
    await world.kafka.topics.ensure(TOPICS);
    await eventually(() => runtime.health().ok);
  });

  it('is not ready when there is something to read and nothing moves', async () => {
    world.relay();
    const handler = new KeepReading();
    let stuck = true;
    handler.before = () => {
      if (stuck) throw unavailable('spec.away', 'The neighbour does not answer.');
    };
    await world.append(reading(newId(), 1));
    await world.published();
    const runtime = world.consumer('stuck', [handler], { stallMs: 4000 });
    await eventually(() => /no progress in meters\.v1\/\d \(spec\.away/.test(runtime.health().detail ?? ''), {
      timeoutMs: 30_000,
    });
    expect(runtime.health().ok).toBe(false);
    stuck = false;
    await eventually(() => runtime.health().ok, { timeoutMs: 30_000 });
  });
});
