import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromHeaders, TicketCompleted, type EventEnvelope, type ReceivedHeaders } from '@steward/contracts';
import { FactStream, type Json } from '@steward/directory/testing';
import { newId } from '@steward/kernel';
import type { KafkaMessage } from '@steward/messaging';
import { eventually } from '@steward/testing';
import { NewcomerUnderTest, NOTES } from './newcomer.harness.js';

let service: NewcomerUnderTest;
let published: readonly KafkaMessage[];

beforeAll(async () => {
  service = await NewcomerUnderTest.start();
  published = await service.listen('newcomer.v1');
}, 90_000);
afterAll(() => service?.stop());

const close = (note: Json, as = 'eb1.agent', match?: number) =>
  service.post(`${NOTES}/${note['id']}/closing`, as, {}, match === undefined ? {} : { match });
const eventsOf = (note: Json): EventEnvelope[] =>
  published
    .filter(({ key }) => key?.toString() === note['id'])
    .map(({ headers, value }) => fromHeaders(headers as ReceivedHeaders, value));

describe('notes', () => {
  it('ORG-01 are seen and changed in their branch only; another one gets 404', async () => {
    const note = await service.note();
    const path = `${NOTES}/${note['id']}`;
    const ids = async (as: string) =>
      ((await service.get(NOTES, as)).body['items'] as Json[]).map(({ id }) => id as string);
    expect(await ids('eb1.agent')).toContain(note['id']);
    expect(await ids('hq.auditor')).toContain(note['id']);
    expect(await ids('eb2.agent')).toEqual([]);
    expect((await service.get(path, 'eb2.agent')).status).toBe(404);
    expect((await close(note, 'eb2.agent', 1)).status).toBe(404);
    expect((await close(note, 'hq.auditor', 1)).status).toBe(403);
    const foreign = { branchId: service.group.id('EB2'), text: 'Not here.' };
    expect(await service.post(NOTES, 'eb1.agent', foreign)).toMatchObject({
      status: 404,
      body: { code: 'note.branch-unknown' },
    });
  });

  it('are written once per Idempotency-Key', async () => {
    const body = { branchId: service.group.id('EB1'), text: 'Once.' };
    const send = (text: string) => service.post(NOTES, 'eb1.agent', { ...body, text }, { key: 'once' });
    const [first, again] = [await send('Once.'), await send('Once.')];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(await send('Other.')).toMatchObject({ status: 422, body: { code: 'idempotency.key-reused' } });
  });

  it('are changed only by who saw the version that they have', async () => {
    const note = await service.note();
    expect((await service.get(`${NOTES}/${note['id']}`, 'eb1.agent')).headers.get('etag')).toBe('"v1"');
    expect((await close(note)).status).toBe(428);
    expect((await close(note, 'eb1.agent', 7)).status).toBe(412);
    const done = await close(note, 'eb1.agent', 1);
    expect(done).toMatchObject({ status: 200, body: { state: 'closed', actions: [], version: 2 } });
    expect(await close(note, 'eb1.agent', 2)).toMatchObject({
      status: 409,
      body: { code: 'note.already-closed' },
    });
  });

  it('say what is wrong with a request', async () => {
    for (const changes of [{ text: ' ' }, { branchId: 'EB1' }, { colour: 'red' }]) {
      const body = { branchId: service.group.id('EB1'), text: 'Spare key.', ...changes };
      expect(await service.post(NOTES, 'eb1.agent', body)).toMatchObject({
        status: 400,
        body: { code: 'request.invalid-body' },
      });
    }
  });
});

describe('facts of notes', () => {
  it('are published, one per version, without their words; ORG-02 the trail has them all', async () => {
    const note = await service.note({ text: 'SECRET' });
    await close(note, 'eb1.agent', 1);
    const events = await eventually(() => eventsOf(note).length === 2 && eventsOf(note));
    expect(events.map(({ type, sequence, branch }) => [type, sequence, branch])).toEqual([
      ['newcomer.note-written.v1', 1, service.group.id('EB1')],
      ['newcomer.note-closed.v1', 2, service.group.id('EB1')],
    ]);
    expect(JSON.stringify(events)).not.toContain('SECRET');
    const trail = await service.get(`/api/v1/audit/newcomer?entityId=${note['id']}`, 'hq.auditor');
    expect((trail.body['items'] as Json[]).map(({ action }) => action as string).sort()).toEqual([
      'close',
      'write',
    ]);
  });

  it('a completed ticket closes the notes about it, once, and no others', async () => {
    const ticketId = newId();
    const about = await service.note({ ticketId });
    const other = await service.note({ ticketId: newId() });
    const completedAt = '2026-03-04T08:30:00.000Z';
    const tickets = new FactStream(service.kafka);
    const place = { branch: service.group.id('EB1'), at: completedAt };
    tickets.state(TicketCompleted, ticketId, place, { ticketId, completedAt, dueAt: null, onTime: null });
    await tickets.publish();
    await tickets.again(tickets.published);
    await tickets.close();
    await eventually(() => eventsOf(about).length === 2);
    const read = async ({ id }: Json) => (await service.get(`${NOTES}/${id}`, 'eb1.agent')).body;
    expect(await read(about)).toMatchObject({ state: 'closed', closedAt: completedAt, version: 2 });
    expect(await read(other)).toMatchObject({ state: 'open', version: 1 });
  });
});
