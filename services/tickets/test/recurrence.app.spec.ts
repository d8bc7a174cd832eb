import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fromHeaders, type ReceivedHeaders } from '@steward/contracts';
import type { Json } from '@steward/directory/testing';
import type { KafkaMessage } from '@steward/messaging';
import { eventually } from '@steward/testing';
import { TicketsUnderTest } from './tickets.harness.js';

jest.setTimeout(60_000);

let service: TicketsUnderTest;
let seen: readonly KafkaMessage[];
let propertyUnitId: string;

beforeAll(async () => {
  service = await TicketsUnderTest.start();
  seen = await service.listen('tickets.v1');
  await service.category('water-leak');
  await service.category('lift');
  propertyUnitId = await service.propertyUnit();
}, 90_000);
afterAll(() => service?.stop());

const leak = (changes: Json = {}): Promise<Json> =>
  service.ticket({ categoryCode: 'water-leak', propertyUnitId, ...changes });
const tasks = async (): Promise<Json[]> =>
  (
    (await service.get(`/api/v1/tickets?propertyUnitId=${propertyUnitId}`, 'eb1.cs-agent')).body[
      'items'
    ] as Json[]
  ).filter(({ rootCauseOf }) => rootCauseOf !== null);
/** Every ticket was looked at. */
const looked = () =>
  eventually(async () => (await service.rows('select 1 from ticket where cause_check')).length === 0, {
    timeoutMs: 30_000,
  });
const found = (id: unknown) =>
  seen
    .filter((message) => message.key?.toString() === id)
    .map(({ headers, value }) => fromHeaders(headers as ReceivedHeaders, value))
    .find(({ type }) => type === 'tickets.recurrence-found.v1');

describe('TKT-64 a recurrent problem', () => {
  it('of one unit and category brings one task to find its cause, and no second one', async () => {
    await leak({ receivedAt: new Date(Date.now() - 91 * 86_400_000).toISOString() });
    await leak();
    await leak();
    await leak({ categoryCode: 'lift' });
    await service.ticket({ categoryCode: 'water-leak' });
    await looked();
    expect(await tasks()).toEqual([]);
    const third = await leak();
    const [task] = await eventually(async () => (await tasks()).length === 1 && tasks());
    expect(task).toMatchObject({
      rootCauseOf: third['id'] as string,
      kind: 'repair',
      categoryCode: 'water-leak',
      state: 'classified',
      channel: 'department',
      propertyUnitId,
    });
    expect(task!['content']).toContain(third['number']);
    const event = await eventually(() => found(third['id']));
    expect(event.data).toMatchObject({ rootCauseTicketId: task!['id'] as string, count: 3, propertyUnitId });
    await leak();
    await looked();
    expect(await tasks()).toHaveLength(1);
  });

  it('is also seen when unit or category become known later', async () => {
    const unit = await service.propertyUnit('EB1-S1', '180#1-1-2');
    await leak({ propertyUnitId: unit });
    await leak({ propertyUnitId: unit });
    const late = await service.ticket({ categoryCode: 'water-leak' });
    await looked();
    const path = `/api/v1/tickets/${late['id']}`;
    expect((await service.patch(path, 'eb1.cs-agent', { propertyUnitId: unit }, 1)).status).toBe(200);
    await eventually(() => found(late['id']), { timeoutMs: 30_000 });
  });
});
