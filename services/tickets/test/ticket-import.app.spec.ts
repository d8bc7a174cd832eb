import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@steward/testing';
import type { Answer, Json } from '@steward/directory/testing';
import { TicketsUnderTest } from './tickets.harness.js';

jest.setTimeout(30_000);

let service: TicketsUnderTest;

beforeAll(async () => {
  service = await TicketsUnderTest.start();
}, 90_000);
afterAll(() => service?.stop());

const HEADER =
  'externalId,branch,kind,channel,categoryCode,categoryName,content,requesterName,receivedAt,completedAt,cancelledAt';
const MANAGER = 'eb1.cs-manager';

const upload = (
  rows: readonly string[],
  fields: Record<string, string> = {},
  as = MANAGER,
): Promise<Answer> => {
  const form = new FormData();
  for (const [name, value] of Object.entries({ source: 'old-system', branch: 'EB1', ...fields }))
    form.set(name, value);
  form.set('file', new Blob([`${[HEADER, ...rows].join('\n')}\n`], { type: 'text/csv' }), 'tickets.csv');
  return service.call('POST', '/api/v1/imports?kind=tickets', as, form);
};

/** Imports rows and gives the finished job. */
async function run(
  rows: readonly string[],
  fields: Record<string, string> = {},
  as = MANAGER,
): Promise<Json> {
  const { status, body, text } = await upload(rows, fields, as);
  if (status !== 202) throw new Error(`answered ${status} ${text}`);
  return eventually(async () => {
    const { body: job } = await service.get(`/api/v1/imports/${body['id']}`, as);
    return ['done', 'failed'].includes(job['state'] as string) && job;
  });
}
const problems = async (job: Json, as = MANAGER): Promise<unknown[]> =>
  ((await service.get(`/api/v1/imports/${job['id']}/rows?limit=200`, as)).body['items'] as Json[]).map(
    ({ rowNumber, field, code }) => [rowNumber, field, code] as unknown,
  );
const counts = (job: Json): unknown[] => {
  const { created, updated, unchanged, rejected } = job['rows'] as Json;
  return [created, updated, unchanged, rejected];
};
const find = async (externalId: string): Promise<Json> => {
  const [row] = await service.rows<{ id: string }>('select id from ticket where external_id = $1', [
    externalId,
  ]);
  return (await service.get(`/api/v1/tickets/${row!.id}`, 'hq.admin')).body;
};
const events = (id: unknown): Promise<Json[]> =>
  service.rows(
    `select type, sequence::int, payload, headers->>'ce_origin' origin, headers->>'ce_time' "time" from outbox
     where aggregateid = $1 order by sequence`,
    [id],
  );

const ended = (id: string, changes = 'Seal replaced'): string =>
  `${id},,repair,hotline,water-leak,漏水,${changes},王晓梅,2025-09-26T16:30:00+08:00,2025-09-29T10:00:00+08:00,`;

describe('an import of tickets', () => {
  it('brings history in: its own times, numbers of this year, origin import, verdicts by the policies of then', async () => {
    const before = await service.ticket();
    const job = await run([
      ended('h-1'),
      `h-2,,repair,hotline,water-leak,漏水,late,,2025-09-26T16:30:00+08:00,2025-09-29T10:00:01+08:00,`,
      `h-3,,inquiry,letter,,,no category,,2024-01-31T20:00:00Z,,`,
      `h-4,,complaint,web,noise,噪音,withdrawn,,2025-09-26T08:30:00Z,,2025-09-26T09:00:00Z`,
    ]);
    expect(counts(job)).toEqual([4, 0, 0, 0]);
    const made = await Promise.all(['h-1', 'h-2', 'h-3', 'h-4'].map(find));
    expect(made[0]).toMatchObject({
      state: 'completed',
      origin: 'import',
      source: 'old-system',
      externalId: 'h-1',
      receivedAt: '2025-09-26T08:30:00.000Z',
      completedAt: '2025-09-29T02:00:00.000Z',
      onTime: true,
      registeredBy: MANAGER,
      intakeDueAt: null,
      deadline: { dueAt: '2025-09-29T02:00:00.000Z', policyVersion: 1 },
      version: 2,
    });
    expect(made[1]).toMatchObject({ onTime: false, deadline: { dueAt: '2025-09-29T02:00:00.000Z' } });
    expect(made[2]).toMatchObject({ state: 'registered', onTime: null, channel: 'letter', version: 1 });
    expect(made[2]!['deadline']).toMatchObject({ dueAt: null, missing: 'tickets.sla.inquiry.resolve' });
    expect(made[3]).toMatchObject({
      state: 'cancelled',
      onTime: null,
      cancelledAt: '2025-09-26T09:00:00.000Z',
    });
    const [stem, last] = [
      (before['number'] as string).slice(0, -6),
      Number((before['number'] as string).slice(-6)),
    ];
    expect(stem).toMatch(new RegExp(`^EB1-T-${new Date().getFullYear()}-`));
    expect(made.map(({ number }) => number as string)).toEqual(
      [1, 2, 3, 4].map((n) => stem + String(last + n).padStart(6, '0')),
    );
  });

  it('publishes its facts as imported ones, at the time they happened, and leaves a trail', async () => {
    const ticket = await find('h-1');
    const told = await events(ticket['id']);
    expect(told).toMatchObject([
      {
        type: 'tickets.ticket-registered.v1',
        sequence: 1,
        origin: 'import',
        time: '2025-09-26T08:30:00.000Z',
      },
      {
        type: 'tickets.ticket-completed.v1',
        sequence: 2,
        origin: 'import',
        time: '2025-09-29T02:00:00.000Z',
      },
    ]);
    expect(told[0]!['payload']).toMatchObject({
      source: 'old-system',
      externalId: 'h-1',
      number: ticket['number'] as string,
    });
    expect(told[1]!['payload']).toMatchObject({ onTime: true });
    const { body } = await service.get(`/api/v1/tickets/${ticket['id']}/history`, 'eb1.cs-agent');
    expect(body['items']).toMatchObject([{ action: 'import', actor: MANAGER }]);
  });

  it('TKT-05 brings the categories of its rows with it, once', async () => {
    const { body } = await service.get(`/api/v1/categories?branchId=${service.group.id('EB1')}`, MANAGER);
    const list = (body['items'] as Json[]).map(({ code, name, kind }) => [code, name, kind] as unknown);
    expect(list).toEqual([
      ['noise', '噪音', 'complaint'],
      ['water-leak', '漏水', 'repair'],
    ]);
  });

  it('knows a row again: the same is left alone, another content is rejected, or taken over when updating', async () => {
    const before = await find('h-1');
    expect(counts(await run([ended('h-1')]))).toEqual([0, 0, 1, 0]);
    const changed = await run([ended('h-1', 'Seal and pipe replaced')]);
    expect(counts(changed)).toEqual([0, 0, 0, 1]);
    expect(await problems(changed)).toEqual([[2, 'externalId', 'import.changed']]);
    expect(await find('h-1')).toEqual(before);
    const updated = await run([ended('h-1', 'Seal and pipe replaced')], { mode: 'update' });
    expect(counts(updated)).toEqual([0, 1, 0, 0]);
    expect(await find('h-1')).toMatchObject({ ...before, content: 'Seal and pipe replaced', version: 3 });
    const [last] = (await events(before['id'])).slice(-1);
    expect(last).toMatchObject({
      type: 'tickets.ticket-amended.v1',
      sequence: 3,
      payload: { fields: ['content'] },
      origin: 'import',
    });
    expect(counts(await run([ended('h-1', 'Seal and pipe replaced')], { mode: 'update' }))).toEqual([
      0, 0, 1, 0,
    ]);
  });

  it('an update files anew, judges again, ends and is refused where it would undo', async () => {
    const update = (row: string) => run([row], { mode: 'update' });
    const open = (id: string, rest: string) =>
      `${id},,inquiry,letter,,,no category,,2024-01-31T20:00:00Z,${rest}`;
    expect(counts(await update(open('h-3', '2024-02-01T10:00:00Z,')))).toEqual([0, 1, 0, 0]);
    const completed = await find('h-3');
    expect(completed).toMatchObject({
      state: 'completed',
      completedAt: '2024-02-01T10:00:00.000Z',
      onTime: null,
    });
    const filed = await update(
      `h-3,,complaint,letter,noise,,no category,,2024-01-31T20:00:00Z,2024-02-01T10:00:00Z,`,
    );
    expect(counts(filed)).toEqual([0, 1, 0, 0]);
    expect(await find('h-3')).toMatchObject({ kind: 'complaint', categoryCode: 'noise', onTime: true });
    expect((await events(completed['id'])).map(({ type, sequence }) => [sequence, type] as unknown)).toEqual([
      [1, 'tickets.ticket-registered.v1'],
      [2, 'tickets.ticket-completed.v1'],
      [3, 'tickets.ticket-classified.v1'],
      [4, 'tickets.ticket-completed.v1'],
    ]);
    expect(await problems(await update(open('h-3', ',')))).toEqual([[2, null, 'ticket.already-ended']]);
    const moved = await update(
      `h-3,,complaint,web,noise,,no category,,2024-01-31T20:00:00Z,2024-02-01T10:00:00Z,`,
    );
    expect(await problems(moved)).toEqual([[2, 'channel', 'ticket.not-amendable']]);
  });

  it('an update leaves alone what the file says nothing of', async () => {
    const row = (content: string) => `k-1,,repair,web,,,${content},,2025-09-26T08:30:00Z,,`;
    await run([row('drips')]);
    const made = await find('k-1');
    await service.act(made, 'classification', { kind: 'repair', categoryCode: 'water-leak' });
    await run([row('drips a lot')], { mode: 'update' });
    expect(await find('k-1')).toMatchObject({
      content: 'drips a lot',
      categoryCode: 'water-leak',
      state: 'classified',
    });
  });

  it('ORG-01 takes rows of the uploader’s branches only, and only from who may import', async () => {
    const rows = ['f-1', 'f-2', 'f-3'].map(
      (id, i) => `${id},${['EB1', 'EB2', 'XX9'][i]},repair,web,,,x,,2025-09-26T08:30:00Z,,`,
    );
    const job = await run(rows);
    expect(counts(job)).toEqual([1, 0, 0, 2]);
    expect(await problems(job)).toEqual([
      [3, 'branch', 'import.unknown-branch'],
      [4, 'branch', 'import.unknown-branch'],
    ]);
    expect((await service.get(`/api/v1/imports/${job['id']}`, 'eb2.cs-manager')).status).toBe(404);
    expect((await upload(rows, {}, 'eb1.cs-agent')).status).toBe(403);
    expect((await upload(rows, {}, 'hq.auditor')).status).toBe(403);
    const all = await run(
      ['g-1,EB1,repair,web,,,x,,2025-09-26T08:30:00Z,,', 'g-2,EB2,repair,web,,,x,,2025-09-26T08:30:00Z,,'],
      {},
      'hq.admin',
    );
    expect(counts(all)).toEqual([2, 0, 0, 0]);
    expect((await find('g-2'))['number']).toMatch(/^EB2-T-/);
  });

  it('rejects rows that cannot be, each by row, field and reason, and takes the others', async () => {
    const job = await run([
      'b-1,,repair,web,,,ends before,,2025-09-26T08:30:00Z,2025-09-26T08:29:59Z,',
      'b-2,,repair,web,,,to come,,2199-01-01T00:00:00Z,,',
      'b-3,,repair,web,,,two ends,,2025-09-26T08:30:00Z,2025-09-27T08:30:00Z,2025-09-27T08:30:00Z',
      'b-4,,repair,web,,,no such day,,2025-02-30T08:30:00Z,,',
      'b-5,,wish,web,,,no such kind,,2025-09-26T08:30:00Z,,',
      'b-6,,repair,web,Not A Code,,bad code,,2025-09-26T08:30:00Z,,',
      'b-7,,repair,web,,,good,,2025-09-26T08:30:00Z,,',
      'b-7,,repair,web,,,good but other,,2025-09-26T08:30:00Z,,',
    ]);
    expect(counts(job)).toEqual([1, 0, 0, 7]);
    expect(await problems(job)).toEqual([
      [2, 'completedAt', 'ticket.ended-before-received'],
      [3, 'receivedAt', 'ticket.received-in-future'],
      [4, 'cancelledAt', 'ticket.two-ends'],
      [5, 'receivedAt', expect.any(String)],
      [6, 'kind', 'import.invalid-value'],
      [7, 'categoryCode', 'import.invalid-value'],
      [9, 'externalId', 'import.changed'],
    ]);
  });

  it('ORG-05 a dry run takes no number and leaves nothing', async () => {
    const before = await service.ticket();
    const job = await run([ended('d-1'), ended('d-2')], { dryRun: 'true' });
    expect(counts(job)).toEqual([2, 0, 0, 0]);
    const after = await service.ticket();
    const place = (ticket: Json) => Number((ticket['number'] as string).slice(-6));
    expect(place(after)).toBe(place(before) + 1);
    expect(await service.rows(`select 1 from ticket where external_id like 'd-%'`)).toEqual([]);
    expect(await service.rows(`select 1 from outbox where payload->>'externalId' like 'd-%'`)).toEqual([]);
  });

  it('ORG-05 numbers stay without gaps while an import and registrations run at once', async () => {
    const rows = Array.from({ length: 600 }, (_, i) => ended(`c-${i}`));
    const running = run(rows);
    const live = await Promise.all(Array.from({ length: 40 }, () => service.ticket()));
    expect(counts(await running)).toEqual([600, 0, 0, 0]);
    expect(live).toHaveLength(40);
    const [sum] = await service.rows(
      `select count(*)::int n, count(distinct number)::int numbers, max(right(number, 6))::int last from ticket
       where branch_id = $1`,
      [service.group.id('EB1')],
    );
    expect(sum).toEqual({
      n: sum!['last'] as number,
      numbers: sum!['last'] as number,
      last: sum!['last'] as number,
    });
  });
});
