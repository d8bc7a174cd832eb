import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fromHeaders, type EventEnvelope, type ReceivedHeaders } from '@steward/contracts';
import { eventually } from '@steward/testing';
import type { KafkaMessage } from '@steward/messaging';
import type { Json } from '@steward/directory/testing';
import { TicketsUnderTest } from './tickets.harness.js';

jest.setTimeout(30_000);

let service: TicketsUnderTest;
let seen: readonly KafkaMessage[];

beforeAll(async () => {
  service = await TicketsUnderTest.start();
  seen = await service.listen('tickets.v1');
  await service.category('water-leak');
}, 90_000);
afterAll(() => service?.stop());

const of = (key: unknown): KafkaMessage[] => seen.filter((message) => message.key?.toString() === key);
const envelope = ({ headers, value }: KafkaMessage): EventEnvelope =>
  fromHeaders(headers as ReceivedHeaders, value);

describe('events of tickets', () => {
  it('are published exactly once, in order, one per version, with branch, actor and correlation', async () => {
    let ticket = await service.ticket({ kind: 'complaint', receivedAt: '2025-09-26T08:30:00.000Z' });
    const act = async (name: string, body: Json = {}, as?: string) =>
      (ticket = await service.act(ticket, name, body, as));
    const assigneeId = service.group.employees.get('eb1.engineer')!;
    await act('classification', { kind: 'repair', categoryCode: 'water-leak' });
    await act('assignment', { assigneeId });
    await act('start', {}, 'eb1.engineer');
    await act('pause', { reason: 'no-access', until: new Date(Date.now() + 3_600_000).toISOString() });
    await act('resumption');
    await act('completion', { outcome: 'Seal replaced for Ms Wang.' });
    await act('reopening', { reason: 'It drips again, says Ms Wang.' });
    await act('cancellation', { reason: 'x' }, 'eb1.cs-manager');
    await eventually(() => of(ticket['id']).length >= 9);
    // A later ticket's event on the same partitions shows that nothing else was under way.
    const later = await service.ticket();
    await eventually(() => of(later['id']).length === 1);
    const events = of(ticket['id']).map(envelope);
    expect(events.map(({ type, sequence }) => [type, sequence])).toEqual(
      [
        'registered',
        'classified',
        'assigned',
        'started',
        'paused',
        'resumed',
        'completed',
        'reopened',
        'cancelled',
      ].map((name, i) => [`tickets.ticket-${name}.v1`, i + 1]),
    );
    expect(new Set(events.map(({ id }) => id)).size).toBe(9);
    for (const event of events)
      expect(event).toMatchObject({
        source: 'tickets',
        subject: ticket['id'] as string,
        branch: service.group.id('EB1'),
        origin: 'live',
        late: false,
        correlationId: expect.any(String),
      });
    expect(events.map(({ actor }) => actor)).toEqual([
      ...['eb1.cs-agent', 'eb1.cs-agent', 'eb1.cs-agent', 'eb1.engineer'],
      ...['eb1.cs-agent', 'eb1.cs-agent', 'eb1.cs-agent', 'eb1.cs-agent', 'eb1.cs-manager'],
    ]);
    expect(events[0]).toMatchObject({
      time: new Date('2025-09-26T08:30:00.000Z'),
      data: { number: ticket['number'] as string, dueAt: '2025-09-29T08:30:00.000Z', source: null },
    });
    expect(events[1]!.data).toMatchObject({ kind: 'repair', categoryCode: 'water-leak' });
    expect(events[2]!.data).toMatchObject({ assigneeId });
    expect(events[6]!.data).toMatchObject({ onTime: false });
  });

  it('GRP-02 are late when they belong to a month of their branch that is closed, by its own time', async () => {
    service.group.closed('EB1', '2025-08');
    await service.learn();
    const before = await service.ticket({ receivedAt: '2025-07-31T15:59:59.000Z' });
    const first = await service.ticket({ receivedAt: '2025-07-31T16:00:00.000Z' });
    const after = await service.ticket({ receivedAt: '2025-08-31T16:00:00.000Z' });
    const late = async (ticket: Json): Promise<boolean> => {
      await eventually(() => of(ticket['id']).length === 1);
      return envelope(of(ticket['id'])[0]!).late;
    };
    expect([await late(before), await late(first), await late(after)]).toEqual([false, true, false]);
    // what is done today to a ticket of that month is a fact of today
    await service.act(first, 'cancellation', { reason: 'x' }, 'eb1.cs-manager');
    await eventually(() => of(first['id']).length === 2);
    expect(envelope(of(first['id'])[1]!).late).toBe(false);
  });

  it('carry no name, phone or word of a person', async () => {
    const secret = {
      requesterName: '王晓梅',
      requesterPhone: '5550100',
      unitText: '2-1203',
      content: 'SECRET',
      witnesses: 'SECRET',
    };
    const ticket = await service.ticket({ ...secret, categoryCode: 'water-leak' });
    await service.act(ticket, 'completion', { outcome: 'SECRET' });
    const messages = await eventually(() => of(ticket['id']).length === 2 && of(ticket['id']));
    const text = messages
      .map(({ value, headers }) => `${value?.toString()} ${JSON.stringify(headers)}`)
      .join();
    for (const word of ['王晓梅', '5550100', '2-1203', 'SECRET']) expect(text).not.toContain(word);
  });

  it('carry the caller’s correlation and trace', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { 'x-correlation-id': 'corr-1', traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    const answer = await service.post('/api/v1/tickets', 'eb1.cs-agent', service.intake(), { headers });
    const [message] = await eventually(() => of(answer.body['id']).length === 1 && of(answer.body['id']));
    expect(envelope(message!)).toMatchObject({
      correlationId: 'corr-1',
      traceparent: expect.stringContaining(traceId),
    });
  });

  it('a repeated command publishes nothing again', async () => {
    const send = () =>
      service.post('/api/v1/tickets', 'eb1.cs-agent', service.intake(), { key: 'event-once' });
    const [first] = [await send(), await send()];
    const later = await service.ticket();
    await eventually(() => of(later['id']).length === 1);
    await eventually(() => of(first.body['id']).length === 1);
    const [{ pending }] = (await service.rows(
      `select count(*)::int pending from outbox where aggregateid = $1`,
      [first.body['id']],
    )) as [Json];
    expect(pending).toBe(1);
  });

  it('TKT-05 tell of categories, defined and changed', async () => {
    const category = await service.category('lift');
    await service.call(
      'PATCH',
      `/api/v1/categories/${category['id']}`,
      'hq.admin',
      { active: false },
      { match: 1 },
    );
    const messages = await eventually(() => of(category['id']).length === 2 && of(category['id']));
    expect(
      messages.map(envelope).map(({ sequence, data }) => [sequence, (data as Json)['active'] as unknown]),
    ).toEqual([
      [1, true],
      [2, false],
    ]);
  });
});
