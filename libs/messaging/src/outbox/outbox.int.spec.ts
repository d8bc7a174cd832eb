import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readHeaders } from '@steward/contracts';
import { isDomainError, newId } from '@steward/kernel';
import { GROUP_SCOPE, readOnly, scopeOf } from '@steward/platform';
import { eventually } from '@steward/testing';
import { BRANCH, MeterRead, Readers, reading, TOPIC, YardOpened } from '../../test/events.js';
import { KeepReading } from '../../test/handlers.js';
import { TOPICS, World } from '../../test/world.js';
import { Outbox } from './outbox.js';
import { EVENT_BYTES, insertOutboxRows, OUTBOX_COLUMNS } from './outbox-row.js';
import { makePartitions } from './partitions.js';
import { Wake } from './wake.js';

jest.setTimeout(40_000);

describe('the outbox', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
    await world.kafka.topics.ensure(TOPICS);
  });
  afterEach(() => world.quiet());
  afterAll(() => world.close());

  const codeOf = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return isDomainError(error) ? error.code : ((error as { code?: string } | undefined)?.code ?? 'none');
  };

  it('carries facts from the transaction to the handler, in order, with everything the envelope tells', async () => {
    const meter = newId();
    world.relay();
    const seen: unknown[] = [];
    const handler = new KeepReading();
    handler.before = (event) => void seen.push(event);
    world.consumer('happy', [handler]);
    const ctx = { ...world.ctx(), causationId: newId() };
    await world.app.transaction(GROUP_SCOPE, (tx) => world.outbox.append(tx, ctx, reading(meter, 1, 7)));
    await world.append(reading(meter, 2), { ...reading(meter, 3), origin: 'import' });
    await eventually(async () => (await world.effects('happy')).length === 3);
    expect((await world.effects('happy')).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(seen[0]).toMatchObject({
      type: MeterRead.type,
      source: 'meters',
      subject: meter,
      branch: BRANCH,
      sequence: 1,
      actor: 'spec',
      correlationId: ctx.correlationId,
      causationId: ctx.causationId,
      origin: 'live',
      late: false,
      data: { value: 7 },
    });
    expect(seen[2]).toMatchObject({ origin: 'import', late: false });
  });

  it('keeps nothing of a transaction that is rolled back', async () => {
    const meter = newId();
    const failing = world.app.transaction(GROUP_SCOPE, async (tx) => {
      await world.outbox.append(tx, world.ctx(), reading(meter, 1));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await world.rows('select 1 from outbox where aggregateid = $1', [meter])).toEqual([]);
  });

  it('refuses what breaks its contract before it is stored', async () => {
    const at = (change: object) => codeOf(world.append({ ...reading(newId(), 1), ...change }));
    expect(await at({ data: { value: 'three' } })).toBe('event.invalid');
    expect(await at({ data: { value: 3, extra: 1 } })).toBe('event.invalid');
    expect(await at({ data: { value: 3, text: 'x'.repeat(EVENT_BYTES) } })).toBe('event.too-large');
    const foreign = new Outbox([TOPIC], new Wake());
    const yard = { ...reading(newId(), 1), definition: YardOpened, data: { name: 'N' } };
    expect(
      await codeOf(world.app.transaction(GROUP_SCOPE, (tx) => foreign.append(tx, world.ctx(), yard))),
    ).toBe('event.foreign-topic');
  });

  it('refuses a second event of the same version of an aggregate', async () => {
    const meter = newId();
    await world.append(reading(meter, 1));
    expect(await codeOf(world.append(reading(meter, 1)))).toBe('23505');
  });

  it('is written by route code but not read by it', async () => {
    const read = (table: string) =>
      codeOf(world.app.transaction(GROUP_SCOPE, (tx) => tx.query(`select 1 from ${table}`)));
    for (const table of [
      'outbox',
      'personal_outbox',
      'inbox',
      'applied_sequence',
      'parked_event',
      'waiting_fact',
    ])
      expect([table, await read(table)]).toEqual([table, '42501']);
  });

  it('ORG-01 takes no fact and no person of a branch that the caller may not write in', async () => {
    const own = scopeOf([BRANCH]);
    const tell = (branchId: string | null, scope = own) =>
      codeOf(
        world.app.transaction(scope, (tx) =>
          world.outbox.append(tx, world.ctx(), { ...reading(newId(), 1), branchId }),
        ),
      );
    expect(await tell(BRANCH)).toBe('none');
    expect(await tell(null)).toBe('none');
    expect(await tell(newId())).toBe('42501');
    expect(await tell(null, readOnly(own))).toBe('42501');
    const put = (key: string, branchId: string, scope = own) =>
      codeOf(
        world.app.transaction(scope, (tx) =>
          tx.query("select personal_outbox_put('t', $1::jsonb, null)", [
            JSON.stringify([{ key, value: { branchId } }]),
          ]),
        ),
      );
    const other = newId();
    expect(await put('own', BRANCH)).toBe('none');
    expect(await put('foreign', other)).toBe('42501');
    expect(await put('foreign', other, GROUP_SCOPE)).toBe('none');
    expect(await put('foreign', BRANCH)).toBe('42501');
    expect(await put('own', BRANCH, readOnly(own))).toBe('42501');
    await world.rows("delete from personal_outbox where topic = 't'");
  });

  it('GRP-02 decides once whether a fact is late: by the closed months of its branch, never for the group', async () => {
    const start = new Date('2026-03-01T00:00:00.000Z');
    const closed = (branchId: string, at: Date): boolean => branchId === BRANCH && at < start;
    const outbox = new Outbox([TOPIC], new Wake(), { lateRule: () => Promise.resolve(closed) });
    const lateOf = async (branchId: string | null, occurredAt: Date): Promise<string> =>
      (await outbox.toRow(world.ctx(), { ...reading(newId(), 1), branchId, occurredAt })).headers['ce_late']!;
    const before = new Date(start.getTime() - 1);
    expect(await lateOf(BRANCH, before)).toBe('true');
    expect(await lateOf(BRANCH, start)).toBe('false');
    expect(await lateOf(newId(), before)).toBe('false');
    expect(await lateOf(null, before)).toBe('false');
  });

  it('takes rows from a statement of the caller that writes everything at once', async () => {
    const meter = newId();
    const row = await world.outbox.toRow(world.ctx(), reading(meter, 1, 5));
    expect(Object.keys(row)).toEqual(OUTBOX_COLUMNS.split(', '));
    const insert = insertOutboxRows('$1', ', made', `r.payload || jsonb_build_object('value', made.value)`);
    await world.app.transaction(scopeOf([BRANCH]), (tx) =>
      tx.query(`with made as (select 42 as value), event as (${insert}) select 1`, [JSON.stringify([row])]),
    );
    const [stored] = await world.rows<{ payload: unknown }>(
      'select payload from outbox where aggregateid = $1',
      [meter],
    );
    expect(stored!.payload).toEqual({ value: 42 });
  });

  it('publishes large events one after another and keeps where they lie', async () => {
    const meter = newId();
    const text = 'y'.repeat(EVENT_BYTES - 200);
    const large = (n: number) => ({ ...reading(meter, n), data: { value: n, text } });
    await world.append(large(1), large(2), reading(meter, 3));
    world.relay();
    const rows = await eventually(async () => {
      const found = await world.rows<{ kafka_partition: number; kafka_offset: string }>(
        `select kafka_partition, kafka_offset from outbox where aggregateid = $1 and published_at is not null order by pos`,
        [meter],
      );
      return found.length === 3 && found;
    });
    const [first] = rows;
    expect(rows.map(({ kafka_partition }) => kafka_partition)).toEqual(Array(3).fill(first!.kafka_partition));
    expect(rows.map(({ kafka_offset }) => Number(kafka_offset) - Number(first!.kafka_offset))).toEqual([
      0, 1, 2,
    ]);
  });

  it('makes monthly partitions ahead, moves rows that came before theirs, and never drops unpublished ones', async () => {
    expect(await makePartitions(world.worker)).toBe(0);
    const meter = newId();
    await world.append(reading(meter, 1));
    const place = async () =>
      (
        await world.rows<{ at: string }>(
          'select tableoid::regclass::text at from outbox where aggregateid = $1',
          [meter],
        )
      )[0]!.at;
    const month = '2031-05-01';
    await world.rows(`update outbox set recorded_at = '2031-05-20' where aggregateid = $1`, [meter]);
    expect(await place()).toBe('outbox_default');
    await world.rows('select outbox_make_partition($1)', [month]);
    expect(await place()).toBe('outbox_2031_05');
    await expect(world.rows('select outbox_drop_partition($1)', [month])).rejects.toThrow(
      'unpublished events',
    );
    world.relay();
    await eventually(
      async () =>
        (await world.rows('select 1 from outbox where aggregateid = $1 and published_at is null', [meter]))
          .length === 0,
    );
    await world.rows('select outbox_drop_partition($1)', [month]);
    expect(await world.rows('select 1 from outbox where aggregateid = $1', [meter])).toEqual([]);
  });

  it('ORG-04 publishes the latest personal value and a tombstone after erasure', async () => {
    const key = newId();
    const put = (name: string) =>
      world.app.transaction(scopeOf([BRANCH]), (tx) =>
        world.persons.put(tx, Readers, key, { readerId: key, name }),
      );
    await put('Li');
    await put('Li Na');
    world.relay();
    await eventually(
      async () =>
        (await world.rows('select 1 from personal_outbox where published_version = version')).length === 1,
    );
    await world.app.transaction(scopeOf([BRANCH]), (tx) => world.persons.erase(tx, Readers, key));
    await eventually(
      async () =>
        (await world.rows('select 1 from personal_outbox where published_version = version')).length === 1,
    );
    const messages = await world.read(Readers.topic);
    expect(messages.map(({ value }) => value && (JSON.parse(value) as { name: string }).name)).toEqual([
      'Li Na',
      null,
    ]);
    expect(await world.rows('select value from personal_outbox where key = $1', [key])).toEqual([
      { value: null },
    ]);
  });

  it('puts headers on the wire that a reader of the contract understands', async () => {
    const meter = newId();
    await world.append(reading(meter, 1), { ...reading(meter, 2), branchId: null });
    world.relay();
    await world.published();
    const messages = (await world.read(TOPIC)).filter(({ key }) => key === meter);
    const read = messages.map(({ headers }) => readHeaders(headers));
    expect(read.map(({ sequence, branch }) => [sequence, branch])).toEqual([
      [1, BRANCH],
      [2, null],
    ]);
    const [row] = await world.rows<{ id: string; recorded_at: Date }>(
      'select id, recorded_at from outbox where aggregateid = $1 order by pos',
      [meter],
    );
    expect(read[0]).toMatchObject({ id: row!.id, recordedTime: row!.recorded_at });
  });
});
