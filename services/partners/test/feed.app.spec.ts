import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TicketStarted } from '@steward/contracts';
import type { Json } from '@steward/directory/testing';
import { newId } from '@steward/kernel';
import { eventually } from '@steward/testing';
import pg from 'pg';
import { FEED, ids, PartnersUnderTest } from './partners.harness.js';

let service: PartnersUnderTest;
beforeAll(async () => {
  service = await PartnersUnderTest.start();
  await service.grant('bank');
}, 90_000);
afterAll(() => service?.stop());

const read = async (query: string): Promise<Json> => (await service.get(`${FEED}?${query}`, 'bank')).body;

/** A writer of the log of its own, in a transaction that takes its time. */
async function writer() {
  const client = new pg.Client({ connectionString: service.config.database.workerUrl });
  await client.connect();
  await client.query('begin');
  await client.query(`select set_config('app.scope', '*;*;*', true)`);
  const append = (id = newId()) =>
    client.query(
      `insert into partner_event (event_id, branch_id, type, aggregate_id, sequence, occurred_at, recorded_at, origin, late,
         actor, correlation_id, data) values ($1, $2, $3, $1, 1, now(), now(), 'live', false, 'spec', 'spec', '{}')`,
      [id, service.group.id('EB1'), TicketStarted.type],
    );
  return {
    append,
    commit: async () => {
      await client.query('commit');
      await client.end();
    },
    rollBack: async () => {
      await client.query('rollback');
      await client.end();
    },
  };
}

describe('the pull feed', () => {
  it('PTR-01 gives every event once, in order, page after page', async () => {
    const tickets = ids(4);
    await service.started(tickets, { times: 5 });
    for (const ticket of tickets) await service.logged(ticket, 5);
    const seen: Json[] = [];
    let page = await read('limit=3');
    for (; ; page = await read(`limit=3&after=${page['next']}`)) {
      seen.push(...(page['items'] as Json[]));
      expect((page['items'] as Json[]).length).toBeLessThanOrEqual(3);
      if (!page['more']) break;
    }
    expect(new Set(seen.map(({ id }) => id as string)).size).toBe(20);
    for (const ticket of tickets)
      expect(
        seen.filter(({ aggregateId }) => aggregateId === ticket).map(({ sequence }) => sequence as number),
      ).toEqual([1, 2, 3, 4, 5]);
    expect(await read(`after=${page['next']}`)).toMatchObject({ items: [], more: false, next: page['next'] });
    const since = seen[0]!['recordedAt'] as string;
    expect(((await read(`from=${since}&limit=200`))['items'] as Json[]).length).toBe(20);
  });

  it('refuses a place that it did not give', async () => {
    expect(await service.get(`${FEED}?after=nonsense`, 'bank')).toMatchObject({ status: 400 });
    expect(await service.get(`${FEED}?limit=1000`, 'bank')).toMatchObject({ status: 400 });
  });

  it('PTR-01 a place never skips a transaction that commits late, nor waits for one that never does', async () => {
    const start = (await read('limit=200'))['next'] as string;
    const early = await writer();
    const earlyId = newId();
    await early.append(earlyId);
    // another one cannot take a later place before the first has committed
    const late = await writer();
    const lateId = newId();
    let appended = false;
    const waiting = late.append(lateId).then(() => (appended = true));
    expect(await read(`after=${start}`)).toMatchObject({ items: [], next: start });
    expect(appended).toBe(false);
    await early.commit();
    await waiting;
    expect(((await read(`after=${start}`))['items'] as Json[]).map(({ id }) => id as string)).toEqual([
      earlyId,
    ]);
    await late.commit();
    const { items, next } = await read(`after=${start}`);
    expect((items as Json[]).map(({ id }) => id as string)).toEqual([earlyId, lateId]);
    const withdrawn = await writer();
    await withdrawn.append();
    await withdrawn.rollBack();
    const last = await writer();
    const lastId = newId();
    await last.append(lastId);
    await last.commit();
    expect(((await read(`after=${next}`))['items'] as Json[]).map(({ id }) => id as string)).toEqual([
      lastId,
    ]);
  });

  it('PTR-01 never skips while many write at once', async () => {
    const start = (await read('limit=200'))['next'] as string;
    const wanted: string[] = [];
    let writing = true;
    const write = async (): Promise<void> => {
      for (let n = 0; n < 15; n += 1) {
        const one = await writer();
        for (let i = 0; i <= n % 3; i += 1) {
          const id = newId();
          wanted.push(id);
          await one.append(id);
        }
        await one.commit();
      }
    };
    const writers = Promise.all([write(), write(), write(), write()]).then(() => (writing = false));
    const seen: string[] = [];
    let at = start;
    await eventually(
      async () => {
        const page = await read(`after=${at}&limit=7`);
        at = page['next'] as string;
        seen.push(...(page['items'] as Json[]).map(({ id }) => id as string));
        return !writing && !page['more'] && (page['items'] as Json[]).length === 0;
      },
      { timeoutMs: 40_000 },
    );
    await writers;
    expect(seen.length).toBe(wanted.length);
    expect([...seen].sort()).toEqual([...wanted].sort());
  });
});
