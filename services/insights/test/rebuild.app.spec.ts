import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@steward/testing';
import type { Json } from '@steward/directory/testing';
import { InsightsUnderTest } from './insights.harness.js';

jest.setTimeout(90_000);

let service: InsightsUnderTest;
let published = 0;

const REBUILD = '/api/v1/figures/tickets/rebuild';
const AS_OF = '2026-06-01T00:00:00.000Z';

/** A few more tickets, some of them ended. */
async function moreTickets(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    published += 1;
    const branch = ['EB1', 'EB2', 'NB1'][published % 3]!;
    const due = '2026-03-05T00:00:00.000Z';
    const received = `2026-03-0${1 + (published % 3)}T00:00:00.000Z`;
    const id = service.facts.ticket(branch, `T${published}`, {
      received,
      due,
      channel: ['web', 'hotline'][published % 2]!,
    });
    if (published % 2)
      service.facts.completed(id, branch, `2026-03-0${3 + (published % 5)}T00:00:00.000Z`, due);
    if (published % 4 === 1) service.facts.reopened(id, branch, '2026-03-09T00:00:00.000Z', due);
    if (published % 7 === 2) service.facts.cancelled(id, branch, '2026-03-10T00:00:00.000Z');
  }
  await service.facts.publish();
}

const state = async (): Promise<Json> => (await service.call('GET', REBUILD, 'hq.auditor')).body;
const begin = (): Promise<Json> =>
  service.call('POST', REBUILD, 'hq.admin', {}).then(({ status, body }) => ({ status, ...body }));
const figures = async (): Promise<Json> => service.figures({ asOf: AS_OF, by: 'branch,channel,month' });
const generations = async (): Promise<number[]> =>
  (await service.rows('select distinct generation from ticket_fact order by 1')).map(
    ({ generation }) => generation as number,
  );

beforeAll(async () => {
  service = await InsightsUnderTest.start();
  await moreTickets(60);
  await service.counted(published);
}, 90_000);
afterAll(() => service?.stop());

describe('GRP-03 a rebuild', () => {
  it('makes the figures anew while the old ones serve and traffic goes on, and switches to equal ones', async () => {
    const begun = await begin();
    expect(begun).toMatchObject({ status: 202, active: 1, building: 2 });
    expect(await begin()).toMatchObject({ status: 202, building: 2 });
    const served: Json[] = [];
    const switched = await eventually(
      async () => {
        await moreTickets(5);
        served.push(await figures());
        const now = await state();
        return now['active'] === 2 && now;
      },
      { timeoutMs: 60_000 },
    );
    expect(switched).toMatchObject({
      building: null,
      compared: { equal: true, differing: 0, facts: expect.any(Number) },
    });
    const received = served.map((answer) => answer['total'].received as number);
    expect(received).toEqual([...received].sort((a, b) => a - b));
    expect(received[0]).toBeGreaterThanOrEqual(60);
    expect(served[0]!['generation']).toBe(1);
    await service.counted(published);
    await eventually(async () => (await figures())['generation'] === 2);
    const [counted] = await service.rows(`select count(*)::int n from ticket_fact where generation = 2`);
    expect(counted).toEqual({ n: published });
  });

  it('clears the old build away with all that belonged to it', async () => {
    await eventually(async () => (await generations()).join() === '2', { timeoutMs: 30_000 });
    for (const table of ['inbox', 'applied_sequence', 'parked_event'])
      expect(
        await service.rows(`select 1 from ${table} where consumer = 'insights-tickets.g1' limit 1`),
      ).toEqual([]);
    expect((await state())['active']).toBe(2);
  });

  it('gives the same figures again, row by row, and goes on counting', async () => {
    const before = await figures();
    await begin();
    await eventually(async () => (await state())['active'] === 3, { timeoutMs: 60_000 });
    await eventually(async () => (await figures())['generation'] === 3);
    const after = await figures();
    expect({ ...after, generation: 0 }).toEqual({ ...before, generation: 0 });
    await moreTickets(3);
    await service.counted(published);
  });

  it('begun right after another leaves nothing behind of either', async () => {
    await begin();
    await eventually(async () => (await state())['active'] === 4, { timeoutMs: 60_000 });
    await eventually(async () => (await generations()).join() === '4', { timeoutMs: 30_000 });
  });

  it('has its ended tickets summed by itself after the switch, and no build before it', async () => {
    const before = await figures();
    const summed = `select count(*)::int n, array_agg(distinct generation) builds from ticket_tally_cell c
      where not exists (select from ticket_tally_touched t where t.cell_id = c.id)`;
    const months = `select count(*)::int n from (select distinct branch_id, date_trunc('month', counted_at) from ticket_fact) m`;
    const [{ n }] = (await service.rows<{ n: number }>(months)) as [{ n: number }];
    await eventually(
      async () => {
        const [cells] = await service.rows<{ n: number; builds: number[] }>(summed);
        return cells?.n === n && cells.builds.join() === '4';
      },
      { timeoutMs: 30_000 },
    );
    expect(await figures()).toEqual(before);
    await service.rows('update ticket_tally set counts[1] = counts[1] + 1000 where cut = 15');
    const asked = await service.figures({ asOf: AS_OF, by: 'branch' });
    expect(asked['total'].received).toBe(before['total'].received + 1000 * n);
    await service.rows('delete from ticket_tally_cell');
  });

  it('that differs is given up: the build that serves goes on, and the difference is told', async () => {
    await service.rows(`update ticket_fact set channel = 'letter' where number = 'T1'`);
    const before = await figures();
    expect(await begin()).toMatchObject({ active: 4, building: 5 });
    const ended = await eventually(
      async () => {
        const now = await state();
        return now['building'] === null && now;
      },
      { timeoutMs: 60_000 },
    );
    expect(ended).toMatchObject({ active: 4, compared: { equal: false, differing: 1 } });
    await eventually(async () => (await generations()).join() === '4', { timeoutMs: 30_000 });
    expect(await figures()).toEqual(before);
    await service.rows(`update ticket_fact set channel = 'hotline' where number = 'T1'`);
  });

  it('goes on after a restart in the middle', async () => {
    const { building } = await begin();
    await service.restart();
    const ended = await eventually(
      async () => {
        const now = await state();
        return now['building'] === null && now;
      },
      { timeoutMs: 60_000 },
    );
    expect(ended).toMatchObject({ active: building as number, compared: { equal: true, differing: 0 } });
    await service.counted(published);
  });

  it('ORG-02 is in the trail, and wants headquarters’ administrator', async () => {
    const { body } = await service.call('GET', '/api/v1/audit/insights?entity=read-model', 'hq.admin');
    const rows = (body['items'] as Json[]).map(
      ({ actor, action, changes }) => [actor, action, (changes as Json[])[0]!['to']] as unknown,
    );
    expect(rows).toEqual([
      ['hq.admin', 'rebuild', 6],
      ['hq.admin', 'rebuild', 5],
      ['hq.admin', 'rebuild', 4],
      ['hq.admin', 'rebuild', 3],
      ['hq.admin', 'rebuild', 2],
    ]);
    expect((await service.call('POST', REBUILD, 'eb1.manager', {})).status).toBe(403);
  });
});
