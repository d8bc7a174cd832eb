import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fromHeaders, type ReceivedHeaders } from '@steward/contracts';
import type { Json } from '@steward/directory/testing';
import type { KafkaMessage } from '@steward/messaging';
import { eventually } from '@steward/testing';
import { TicketsUnderTest } from './tickets.harness.js';

jest.setTimeout(60_000);

let service: TicketsUnderTest;
let seen: readonly KafkaMessage[];

beforeAll(async () => {
  service = await TicketsUnderTest.start();
  seen = await service.listen('tickets.v1');
}, 90_000);
afterAll(() => service?.stop());

const HOUR = 3_600_000;
const code = ({ status, body }: { status: number; body: Json }): unknown[] => [status, body['code']];
const factsOf = (id: unknown) =>
  seen
    .filter((message) => message.key?.toString() === id)
    .map(({ headers, value }) => fromHeaders(headers as ReceivedHeaders, value));

async function done(changes: Json = {}, as = 'eb1.cs-agent'): Promise<Json> {
  const ticket = await service.ticket({ requesterPhone: '139', ...changes }, as);
  const filed = await service.act(ticket, 'classification', { kind: ticket['kind'] as string }, as);
  return service.act(filed, 'completion', { outcome: 'ok' }, as);
}
const callbacksOf = async (ticket: Json, as = 'eb1.cs-agent'): Promise<Json[]> =>
  (await service.get(`/api/v1/callbacks?ticketId=${ticket['id']}`, as)).body['items'] as Json[];
const one = async (ticket: Json, as = 'eb1.cs-agent'): Promise<Json> => (await callbacksOf(ticket, as))[0]!;
const send = (callback: Json, what: string, body: Json, as = 'eb1.cs-agent') =>
  service.post(`/api/v1/callbacks/${callback['id']}/${what}`, as, body, {
    match: callback['version'] as number,
  });
const make = async (callback: Json, what: string, body: Json, as = 'eb1.cs-agent'): Promise<Json> => {
  const answer = await send(callback, what, body, as);
  if (answer.status !== 200) throw new Error(`${what} answered ${answer.status} ${answer.text}`);
  return answer.body;
};
const ticketNow = async (ticket: Json, as = 'eb1.cs-agent'): Promise<Json> =>
  (await service.get(`/api/v1/tickets/${ticket['id']}`, as)).body;
const hoursLeft = (ticket: Json, callback: Json): number =>
  (Date.parse(callback['dueAt'] as string) - Date.parse(ticket['completedAt'] as string)) / HOUR;

describe('TKT-60 callbacks', () => {
  it('are due 48 hours after completion, 24 for what was urgent, for everybody who can be called', async () => {
    const routine = await done();
    const urgent = await done({ priority: 'urgent' });
    const emergency = await done({ kind: 'emergency' });
    for (const [ticket, hours] of [
      [routine, 48],
      [urgent, 24],
      [emergency, 24],
    ] as const)
      expect(hoursLeft(ticket, await one(ticket))).toBe(hours);
    expect(await callbacksOf(await done({ requesterPhone: null }))).toEqual([]);
    const callback = await one(routine);
    expect(callback).toMatchObject({
      state: 'due',
      number: routine['number'] as string,
      actions: ['attempt', 'record'],
    });
    const [event] = await eventually(() => factsOf(callback['id']).length === 1 && factsOf(callback['id']));
    expect(event).toMatchObject({
      type: 'tickets.callback-scheduled.v1',
      data: { ticketId: routine['id'] as string },
    });
  });

  it('stand in a list, the most urgent first, by state and time', async () => {
    await done();
    await done({ priority: 'urgent' });
    const list = await service.get('/api/v1/callbacks?state=due', 'eb1.cs-agent');
    const due = (list.body['items'] as Json[]).map(({ dueAt }) => dueAt as string);
    expect(due.length).toBeGreaterThan(1);
    expect(due).toEqual([...due].sort());
    const soon = new Date(Date.now() + 30 * HOUR).toISOString();
    const urgent = await service.get(`/api/v1/callbacks?state=due&dueBefore=${soon}`, 'eb1.cs-agent');
    const shown = urgent.body['items'] as Json[];
    expect(shown.length).toBeGreaterThan(0);
    for (const { dueAt } of shown) expect((dueAt as string) < soon).toBe(true);
    const elsewhere = await service.get('/api/v1/callbacks?state=due', 'nb1.agent');
    expect(elsewhere.body['items']).toEqual([]);
  });

  it('stand in a list of the customer, and in no list of another', async () => {
    const customerId = await service.customer();
    const callback = await one(await done({ customerId }));
    const of = async (id: string, as = 'eb1.cs-agent') =>
      (await service.get(`/api/v1/callbacks?customerId=${id}&sort=-dueAt`, as)).body['items'] as Json[];
    expect((await of(customerId)).map(({ id }) => id as string)).toEqual([callback['id']]);
    expect(await of(callback['id'] as string)).toEqual([]);
    expect(await of(customerId, 'eb2.agent')).toEqual([]);
  });

  it('one more can be planned, such as after the first rain', async () => {
    const ticket = await done();
    const dueAt = new Date(Date.now() + 200 * HOUR).toISOString();
    const planned = await service.make('/api/v1/callbacks', 'eb1.cs-agent', {
      ticketId: ticket['id'] as string,
      dueAt,
    });
    expect(planned).toMatchObject({ state: 'due', dueAt });
    expect(await callbacksOf(ticket)).toHaveLength(2);
    const past = { ticketId: ticket['id'] as string, dueAt: '2026-01-01T00:00:00.000Z' };
    expect(code(await service.post('/api/v1/callbacks', 'eb1.cs-agent', past))).toEqual([
      422,
      'callback.due-in-past',
    ]);
    expect((await service.post('/api/v1/callbacks', 'nb1.agent', { ...past, dueAt })).status).toBe(404);
  });

  it('one that is waiting when the ticket is opened again gets a new time, not a twin', async () => {
    const ticket = await done();
    const first = await one(ticket);
    const open = await service.act(ticket, 'reopening', { reason: 'x' });
    await service.act(open, 'completion', { outcome: 'ok' });
    const [callback, ...more] = await callbacksOf(ticket);
    expect(more).toEqual([]);
    expect(callback).toMatchObject({ id: first['id'] as string, version: 2, state: 'due' });
  });
});

describe('TKT-61 what a callback brings', () => {
  it('is recorded once, with satisfaction, price and conduct', async () => {
    const callback = await one(await done());
    const said = {
      result: 'satisfied',
      score: 5,
      priceAgrees: true,
      conductGood: true,
      words: 'Ms Wang is glad.',
    };
    const after = await make(callback, 'result', said);
    expect(after).toMatchObject({ state: 'satisfied', score: 5, onTime: true, actions: [] });
    expect(code(await send(after, 'result', said))).toEqual([409, 'callback.done']);
    expect(code(await send(after, 'attempt', {}))).toEqual([409, 'callback.done']);
    const shown = await service.get(`/api/v1/callbacks/${callback['id']}`, 'eb1.driver');
    expect(shown.body).toMatchObject({ words: '***', state: 'satisfied', actions: [] });
    const recorded = await eventually(() => factsOf(callback['id'])[1]);
    expect(recorded.data).toMatchObject({ result: 'satisfied', score: 5, priceAgrees: true, onTime: true });
    expect(JSON.stringify(recorded.data)).not.toContain('glad');
  });

  it('only after calls on three days and in three parts of day a customer counts as unreachable', async () => {
    let callback = await one(await done());
    // three days have gone by since the work was done
    await service.rows(`update callback set scheduled_at = scheduled_at - interval '5 days' where id = $1`, [
      callback['id'],
    ]);
    const at = (daysAgo: number, hour: string) => {
      const day = new Date(Date.now() - daysAgo * 24 * HOUR).toISOString().slice(0, 10);
      return `${day}T${hour}:00:00+08:00`;
    };
    callback = await make(callback, 'attempt', { at: at(3, '09'), note: 'Nobody answers.' });
    callback = await make(callback, 'attempt', { at: at(3, '15') });
    expect(callback['missing']).toEqual({ days: 2, partsOfDay: ['evening'] });
    const tooEarly = await send(callback, 'result', { result: 'unreachable' });
    expect(code(tooEarly)).toEqual([409, 'callback.not-tried-enough']);
    expect(tooEarly.body['params']).toEqual({ days: 2, partsOfDay: ['evening'] });
    callback = await make(callback, 'attempt', { at: at(2, '19') });
    callback = await make(callback, 'attempt', { at: at(1, '09') });
    expect(callback['missing']).toEqual({ days: 0, partsOfDay: [] });
    expect(code(await send(callback, 'attempt', { at: at(-1, '09') }))).toEqual([
      422,
      'callback.attempt-time',
    ]);
    callback = await make(callback, 'result', { result: 'unreachable' });
    expect(callback['state']).toBe('unreachable');
    const types = await eventually(() => factsOf(callback['id']).length === 6 && factsOf(callback['id']));
    expect(types.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(types[3]!.data).toMatchObject({ attempt: 3, partOfDay: 'evening' });
  });

  it('POL-01 a branch may ask for fewer calls', async () => {
    const callback = await one(await done({ branchId: service.group.id('EB2') }, 'eb2.agent'), 'eb2.agent');
    const tried = await make(callback, 'attempt', {}, 'eb2.agent');
    expect(await make(tried, 'result', { result: 'unreachable' }, 'eb2.agent')).toMatchObject({
      state: 'unreachable',
    });
  });

  it('TKT-49 who is not satisfied gets a repair done again, another ticket opened again', async () => {
    const repair = await done();
    const bare = await send(await one(repair), 'result', { result: 'dissatisfied' });
    expect(bare.status).toBe(400);
    await make(await one(repair), 'result', { result: 'dissatisfied', words: 'It drips.' });
    expect(await ticketNow(repair)).toMatchObject({ state: 'classified', reworkRounds: 1 });
    const complaint = await done({ kind: 'complaint' });
    await make(await one(complaint), 'result', { result: 'dissatisfied', words: 'No answer.' });
    expect(await ticketNow(complaint)).toMatchObject({ state: 'classified', reworkRounds: 0 });
    const price = await done();
    await make(await one(price), 'result', { result: 'dissatisfied', words: 'Rude.', again: false });
    expect(await ticketNow(price)).toMatchObject({ state: 'completed', reworkRounds: 0 });
  });

  it('is for customer service alone', async () => {
    const callback = await one(await done());
    for (const as of ['eb1.engineer', 'eb1.driver', 'eb1.auditor'])
      expect((await send(callback, 'attempt', {}, as)).status).toBe(403);
    expect((await send(callback, 'attempt', {}, 'nb1.agent')).status).toBe(404);
    expect((await send({ ...callback, version: 7 }, 'attempt', {})).status).toBe(412);
  });
});
