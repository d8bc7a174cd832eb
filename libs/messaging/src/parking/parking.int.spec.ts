import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { invalid, newId } from '@steward/kernel';
import { Audit } from '@steward/platform';
import { eventually } from '@steward/testing';
import { BRANCH, MeterPainted, Readers, reading, TOPIC } from '../../test/events.js';
import { KeepReader, KeepReading, KeepReadings } from '../../test/handlers.js';
import { TOPICS, World } from '../../test/world.js';
import { ConsumerHost } from '../consumer/consumer-host.js';
import { handlerTable } from '../consumer/handler-table.js';
import type { NewEvent } from '../outbox/outbox-row.js';
import { processTelemetry } from '../trace.js';
import { Parked, type ParkedEvent } from './parked.js';

jest.setTimeout(60_000);

describe('parking', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
    await world.kafka.topics.ensure(TOPICS);
  });
  afterEach(() => world.quiet());
  afterAll(() => world.close());

  const oneTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
  const sequencesOf = async (consumer: string, meter: string): Promise<number[]> =>
    (await world.effects(consumer))
      .filter((row) => row.aggregate_id === meter)
      .map(({ sequence }) => sequence);

  /** A consumer in a host, with the service that cares for its parked events. */
  const hosted = (name: string, handlers: readonly object[], options: { maxParkedKeys?: number } = {}) => {
    const host = new ConsumerHost({ database: world.worker, kafka: world.kafka, ...options });
    host.declare(
      name,
      handlerTable(name, handlers, () => true),
    );
    const runtime = host.start(name);
    world.onClose(() => host.stopAll());
    let time = new Date();
    const parts = { database: world.worker, telemetry: processTelemetry(), now: () => time };
    const parked = new Parked(parts, host, new Audit('k'.repeat(32)));
    const list = async (): Promise<readonly ParkedEvent[]> =>
      (
        await parked.list({
          consumer: name,
          limit: 200,
          sort: { field: 'parkedAt', descending: false, text: 'parkedAt' },
        })
      ).items;
    const at = (moment: Date): void => void (time = moment);
    return { runtime, parked, list, at, later: (ms: number) => at(new Date(time.getTime() + ms)) };
  };

  const poison = (handler: KeepReading, isPoison: (meter: string, sequence: number) => boolean) => {
    handler.before = ({ subject, sequence }) => {
      if (isPoison(subject, sequence)) throw invalid('spec.poison', 'It cannot be applied.');
    };
  };

  it('parks a poison event and what follows of its key, while others pass; a replay drains them in order', async () => {
    world.relay();
    const [bad, good] = [newId(), newId()];
    const handler = new KeepReading();
    let healed = false;
    poison(handler, (meter, sequence) => !healed && meter === bad && sequence === 2);
    const { parked, list, runtime } = hosted('parking', [handler]);
    await world.append(...oneTo(4).flatMap((n) => [reading(bad, n), reading(good, n)]));
    await eventually(async () => (await sequencesOf('parking', good)).length === 4);
    const rows = await eventually(async () => (await list()).length === 3 && list());
    expect(rows.map(({ sequence, code, type }) => [sequence, code, type])).toEqual([
      [2, 'spec.poison', 'meters.meter-read.v1'],
      [3, 'behind', 'meters.meter-read.v1'],
      [4, 'behind', 'meters.meter-read.v1'],
    ]);
    expect(rows[0]).toMatchObject({
      consumer: 'parking',
      topic: TOPIC,
      key: bad,
      branchId: BRANCH,
      attempts: 1,
      reason: 'It cannot be applied.',
    });
    expect(await sequencesOf('parking', bad)).toEqual([1]);
    expect(runtime.health().ok).toBe(true);
    expect(
      await world.rows(
        `select 1 from inbox where consumer = 'parking' and event_id in (select id from outbox where aggregateid = $1 and sequence > 1)`,
        [bad],
      ),
    ).toEqual([]);

    expect(await parked.replay(rows[0]!.id)).toMatchObject({
      applied: 0,
      left: 3,
      fault: { code: 'spec.poison' },
    });
    expect((await list())[0]!.attempts).toBe(2);
    healed = true;
    const draining = parked.replay(rows[0]!.id);
    await world.append(reading(bad, 5), reading(bad, 6));
    expect(await draining).toMatchObject({ left: 0 });
    await eventually(async () => (await sequencesOf('parking', bad)).length === 6);
    expect(await sequencesOf('parking', bad)).toEqual(oneTo(6));
    expect(await list()).toEqual([]);
  });

  it('finds the culprit in a chunk that is handled many at once', async () => {
    world.relay();
    const keys = Array.from({ length: 20 }, () => newId());
    const handler = new KeepReadings();
    handler.before = (events) => {
      if (events.some(({ subject, sequence }) => subject === keys[7] && sequence === 2))
        throw new TypeError('no such thing');
    };
    const { list } = hosted('many', [handler]);
    await world.append(...oneTo(3).flatMap((n) => keys.map((key) => reading(key, n))));
    await eventually(async () => (await list()).length === 2);
    const effects = await eventually(async () => {
      const rows = await world.effects('many');
      return rows.filter(({ aggregate_id }) => keys.includes(aggregate_id)).length === 58 && rows;
    });
    for (const key of keys) {
      const applied = effects
        .filter(({ aggregate_id }) => aggregate_id === key)
        .map(({ sequence }) => sequence);
      expect(applied).toEqual(key === keys[7] ? [1] : [1, 2, 3]);
    }
    expect((await list()).map(({ code }) => code)).toEqual(['handler.TypeError', 'behind']);
  });

  it('ORG-02 skips the first of a key with a reason, in the trail, and applies what waited behind it', async () => {
    world.relay();
    const meter = newId();
    const handler = new KeepReading();
    poison(handler, (subject, sequence) => subject === meter && sequence === 2);
    const { parked, list } = hosted('skipping', [handler]);
    const painted: NewEvent = { ...reading(meter, 3), definition: MeterPainted, data: { colour: 'red' } };
    await world.append(reading(meter, 1), reading(meter, 2), painted, reading(meter, 4));
    const rows = await eventually(async () => (await list()).length === 3 && list());
    const ctx = world.ctx();
    await expect(parked.skip(ctx, rows[1]!.id, 'x')).rejects.toMatchObject({ code: 'parked.not-head' });
    expect(await parked.skip(ctx, rows[0]!.id, 'Entered by hand')).toMatchObject({ applied: 2, left: 0 });
    expect(await sequencesOf('skipping', meter)).toEqual([1, 4]);
    await world.append(reading(meter, 5));
    await eventually(async () => (await sequencesOf('skipping', meter)).length === 3);
    const trail = await world.rows(
      'select actor, action, reason, branch_id from audit where entity_id = $1',
      [rows[0]!.id],
    );
    expect(trail).toEqual([
      { actor: ctx.actor.id, action: 'skip', reason: 'Entered by hand', branch_id: BRANCH },
    ]);
    await expect(parked.replay(rows[0]!.id)).rejects.toMatchObject({ code: 'parked.not-found' });
  });

  it('tries the first of a key again by schedule, ever more rarely, for a day', async () => {
    world.relay();
    const meter = newId();
    const handler = new KeepReading();
    let healed = false;
    poison(handler, (subject) => !healed && subject === meter);
    const { parked, list, later, at } = hosted('retrying', [handler]);
    await world.append(reading(meter, 1), reading(meter, 2));
    await eventually(async () => (await list()).length === 2);
    expect(await parked.retryDue()).toBe(0);
    expect((await list())[0]!.attempts).toBe(1);
    const dueNext = async (): Promise<void> => at(new Date((await list())[0]!.nextRetryAt!));
    await dueNext();
    await parked.retryDue();
    await parked.retryDue();
    expect((await list())[0]!.attempts).toBe(2);
    await dueNext();
    healed = true;
    expect(await parked.retryDue()).toBe(2);
    expect(await sequencesOf('retrying', meter)).toEqual([1, 2]);

    healed = false;
    const late = newId();
    poison(handler, (subject) => subject === late);
    await world.append(reading(late, 1));
    await eventually(async () => (await list()).length === 1);
    later(25 * 3_600_000);
    await parked.retryDue();
    expect((await list())[0]).toMatchObject({ nextRetryAt: null });
  });

  it('parks what comes after a gap; the missing event heals it, or a person accepts the loss', async () => {
    world.relay();
    const meter = newId();
    await world.append(...oneTo(4).map((n) => reading(meter, n)));
    await world.published();
    const messages = (await world.read(TOPIC)).filter(({ key }) => key === meter);
    await world.quiet();
    const [healing, losing] = [newId(), newId()];
    const copy = (key: string, n: number) => {
      const { value, headers } = messages[n - 1]!;
      return { topic: TOPIC, key, value, headers: { ...headers, ce_subject: key, ce_id: newId() } };
    };
    await world.publishRaw([
      copy(healing, 1),
      copy(healing, 3),
      copy(losing, 1),
      copy(losing, 3),
      copy(losing, 4),
    ]);
    const { parked, list, at } = hosted('gaps', [new KeepReading()]);
    const rows = await eventually(async () => (await list()).length === 3 && list());
    expect(rows.map(({ code }) => code).sort()).toEqual(['behind', 'sequence-gap', 'sequence-gap']);

    await world.publishRaw([copy(healing, 2)]);
    await eventually(async () => (await list()).length === 4);
    at(new Date());
    expect(await parked.retryDue()).toBe(2);
    expect(await sequencesOf('gaps', healing)).toEqual([1, 2, 3]);

    const gap = (await list()).find(({ code }) => code === 'sequence-gap')!;
    expect(await parked.replay(gap.id)).toMatchObject({ applied: 0, fault: { code: 'sequence-gap' } });
    expect(await parked.skip(world.ctx(), gap.id, 'Number 2 is lost')).toMatchObject({ applied: 2, left: 0 });
    expect(await sequencesOf('gaps', losing)).toEqual([1, 3, 4]);
  });

  it('stops and is not ready when too many keys are parked, and goes on when they are dealt with', async () => {
    world.relay();
    const handler = new KeepReading();
    const bad = Array.from({ length: 3 }, () => newId());
    poison(handler, (meter) => bad.includes(meter));
    const { runtime, parked, list } = hosted('too-many', [handler], { maxParkedKeys: 3 });
    await eventually(() => runtime.health().ok);
    await world.append(...bad.map((meter) => reading(meter, 1)));
    await eventually(() => runtime.health().detail === 'too many keys have parked events');
    expect(runtime.health().ok).toBe(false);
    const waiting = newId();
    await world.append(reading(waiting, 1));
    await world.published();
    expect(await sequencesOf('too-many', waiting)).toEqual([]);
    // The topic also holds what other cases broke: it may halt again before it comes to the one that waits.
    await eventually(async () => {
      for (let left = await list(); left.length > 0; left = await list()) {
        const [first] = [...left].sort(
          (one, two) => one.key.localeCompare(two.key) || one.sequence! - two.sequence!,
        );
        await parked.skip(world.ctx(), first!.id, 'known');
      }
      return (await sequencesOf('too-many', waiting)).length === 1;
    });
    await eventually(() => runtime.health().ok);
  });

  it('ORG-04 a later personal value, or its erasure, takes the place of a parked one', async () => {
    world.relay();
    const [changed, erased] = [newId(), newId()];
    const handler = new KeepReader();
    handler.before = ({ value }) => {
      if (value?.name === 'bad') throw invalid('spec.poison', 'No.');
    };
    const put = (key: string, name: string) =>
      world.app.transaction(world.ctx().scope, (tx) =>
        world.persons.put(tx, Readers, key, { readerId: key, name }),
      );
    const { list } = hosted('personal', [handler]);
    await put(changed, 'bad');
    await put(erased, 'bad');
    await eventually(async () => (await list()).length === 2);
    await put(changed, 'Li');
    await world.app.transaction(world.ctx().scope, (tx) => world.persons.erase(tx, Readers, erased));
    await eventually(async () => (await list()).length === 0);
    expect(await world.rows(`select key, name from reader where consumer = 'personal'`)).toEqual([
      { key: changed, name: 'Li' },
    ]);
  });

  it('parks what is not an event or breaks its schema, whatever its bytes are', async () => {
    world.relay();
    const meter = newId();
    await world.append(reading(meter, 1));
    await world.published();
    const [message] = (await world.read(TOPIC)).filter(({ key }) => key === meter);
    await world.quiet();
    const [a, b, c] = [newId(), newId(), newId()];
    const { headers } = message!;
    await world.publishRaw([
      { topic: TOPIC, key: a, value: '{}', headers: {} },
      { topic: TOPIC, key: b, value: '{"value":', headers: { ...headers, ce_subject: b, ce_id: newId() } },
      {
        topic: TOPIC,
        key: c,
        value: '{"value":"x"}',
        headers: { ...headers, ce_subject: c, ce_id: newId() },
      },
    ]);
    const { list } = hosted('malformed', [new KeepReading()]);
    const rows = await eventually(async () => {
      const found = await list();
      return found.filter(({ key }) => [a, b, c].includes(key)).length === 3 && found;
    });
    const codeOf = (key: string): string | undefined => rows.find((row) => row.key === key)?.code;
    expect([a, b, c].map(codeOf)).toEqual([
      'event.malformed-headers',
      'event.malformed-json',
      'event.invalid',
    ]);
  });
});
