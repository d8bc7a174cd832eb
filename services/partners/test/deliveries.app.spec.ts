import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Json } from '@steward/directory/testing';
import { newId, type Clock } from '@steward/kernel';
import { CLOCK } from '@steward/platform';
import { eventually } from '@steward/testing';
import { LogUpkeep } from '../src/log/log-upkeep.js';
import { ids, PartnersUnderTest, STARTED, SUBSCRIPTIONS } from './partners.harness.js';
import { Receiver, verifies } from './receiver.js';

let service: PartnersUnderTest;
let receivers: Receiver[] = [];

beforeAll(async () => {
  service = await PartnersUnderTest.start();
  await service.grant('bank');
  await service.grant('utility');
}, 90_000);
afterEach(async () => {
  jest.restoreAllMocks();
  for (const receiver of receivers) await receiver.stop();
  receivers = [];
});
afterAll(() => service?.stop());

const partner = async (): Promise<Receiver> => {
  const receiver = await Receiver.start();
  receivers.push(receiver);
  return receiver;
};
const take = (receiver: Receiver, count: number) =>
  eventually(() => receiver.taken.length >= count, { timeoutMs: 30_000 });
const sequences = (receiver: Receiver, aggregateId: string): number[] =>
  receiver.taken
    .filter(({ body }) => body['aggregateId'] === aggregateId)
    .map(({ body }) => body['sequence'] as number);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

describe('webhooks', () => {
  it('PTR-01 come signed as Standard Webhooks say, each event once, in order per record', async () => {
    const receiver = await partner();
    const subscription = await service.subscribe('bank', receiver);
    const tickets = ids(5);
    await service.started(tickets, { times: 10 });
    await take(receiver, 50);
    for (const ticket of tickets) expect(sequences(receiver, ticket)).toEqual(upTo(10));
    const [first] = receiver.taken;
    expect(first!.body).toMatchObject({ id: first!.id, type: STARTED, branchId: service.group.id('EB1') });
    expect(first!.body['data']).toMatchObject({ ticketId: first!.body['aggregateId'] });
    const [secret] = await service.secrets('bank', subscription);
    expect(secret).toMatch(/^whsec_/);
    expect(receiver.taken.every((webhook) => verifies(secret!, webhook))).toBe(true);
    expect(new Set(receiver.ids()).size).toBe(50);
    await eventually(async () => (await service.read('bank', subscription))['delivered'] === 50);
  });

  it('PTR-03 a dead, a hanging and a slow partner delay nobody', async () => {
    const [dead, hanging, slow, healthy] = [
      await partner(),
      await partner(),
      await partner(),
      await partner(),
    ];
    hanging.reply = () => 'hang';
    slow.reply = async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { status: 200 };
    };
    await dead.stop();
    for (const receiver of [dead, hanging, slow]) await service.subscribe('utility', receiver);
    await service.subscribe('bank', healthy);
    const [ticket] = ids(1);
    await service.started([ticket!], { times: 20 });
    await take(healthy, 20);
    expect(slow.taken.length).toBeLessThan(20);
    expect(sequences(healthy, ticket!)).toEqual(upTo(20));
    await take(slow, 20);
    expect(sequences(slow, ticket!)).toEqual(upTo(20));
    expect(new Set(hanging.received.map(({ id }) => id)).size).toBe(1);
  });

  it('PTR-03 5xx suspend the whole endpoint, one probe reopens it, nothing is lost, doubled or out of order', async () => {
    const receiver = await partner();
    const [one, two] = [await service.subscribe('bank', receiver), await service.subscribe('bank', receiver)];
    let down = true;
    receiver.reply = () => ({ status: down ? 503 : 200, text: 'busy' });
    const tickets = ids(3);
    await service.started(tickets, { times: 5 });
    await eventually(async () => {
      const { endpoint } = await service.read('bank', two);
      return endpoint.state === 'suspended' && endpoint.failures >= 3 && endpoint.lastError === 'status-503';
    });
    const probes = await service.get(`${SUBSCRIPTIONS}/${one['id']}/attempts?ok=false`, 'bank');
    expect((probes.body['items'] as Json[])[0]).toMatchObject({ ok: false, status: 503, answer: 'busy' });
    down = false;
    await take(receiver, 30);
    // both subscriptions name the same address, so each event comes twice, with the same id
    const counts = Map.groupBy(receiver.taken, ({ id }) => id);
    expect([...counts.values()].every((list) => list.length === 2)).toBe(true);
    expect(await service.read('bank', one)).toMatchObject({
      endpoint: { state: 'open', failures: 0 },
      parked: 0,
    });
  });

  it('PTR-03 honours Retry-After of a 429', async () => {
    const receiver = await partner();
    const subscription = await service.subscribe('bank', receiver);
    let times = 0;
    receiver.reply = () =>
      (times += 1) === 1 ? { status: 429, headers: { 'retry-after': '2' } } : { status: 200 };
    await service.started(ids(1));
    await take(receiver, 1);
    const [refused, taken] = receiver.received;
    expect(taken!.at - refused!.at).toBeGreaterThanOrEqual(1900);
    expect(taken!.id).toBe(refused!.id);
    expect((await service.read('bank', subscription))['parked']).toBe(0);
  });

  it('PTR-03 another 4xx parks the event with the later ones of its record; others go on; resend and skip', async () => {
    const receiver = await partner();
    const subscription = await service.subscribe('bank', receiver);
    const [bad, good] = ids(2);
    let refusing = true;
    receiver.reply = ({ body }) =>
      refusing && body['aggregateId'] === bad && [2, 4].includes(body['sequence'] as number)
        ? { status: 422, text: 'no' }
        : { status: 200 };
    await service.started([bad!, good!], { times: 5 });
    await take(receiver, 6);
    expect(sequences(receiver, bad!)).toEqual([1]);
    expect(sequences(receiver, good!)).toEqual(upTo(5));
    const path = `${SUBSCRIPTIONS}/${subscription['id']}/parked`;
    const parked = async () => (await service.get(path, 'bank')).body['items'] as Json[];
    await eventually(async () => (await parked()).length === 4);
    expect((await parked()).map(({ state }) => state as string)).toEqual([
      'refused',
      'behind',
      'behind',
      'behind',
    ]);
    const [head, second] = await parked();
    expect(await service.post(`${path}/${second!['eventId']}/resend`, 'bank', {})).toMatchObject({
      status: 409,
      body: { code: 'subscription.parked-behind' },
    });
    // without the second event the third goes, and the fourth is refused in its turn
    await service.make(`${path}/${head!['eventId']}/skip`, 'bank', { reason: 'done by hand' });
    await eventually(async () => (await parked())[0]?.['status'] === 422 && (await parked()).length === 2);
    expect(sequences(receiver, bad!)).toEqual([1, 3]);
    refusing = false;
    await service.make(`${path}/${(await parked())[0]!['eventId']}/resend`, 'bank', {});
    await eventually(async () => (await parked()).length === 0);
    await service.started([bad!]);
    await eventually(() => sequences(receiver, bad!).length === 5);
    expect(sequences(receiver, bad!)).toEqual([1, 3, 4, 5, 6]);
  });

  it('PTR-03 410 disables the subscriptions of the address, with an event; a resumption goes on from there', async () => {
    const receiver = await partner();
    const subscription = await service.subscribe('bank', receiver);
    const published = await service.listen('partners.v1');
    let gone = true;
    receiver.reply = () => ({ status: gone ? 410 : 200 });
    await service.started(ids(1), { times: 3 });
    await eventually(async () => (await service.read('bank', subscription))['state'] === 'disabled');
    const disabled = await service.read('bank', subscription);
    expect(disabled).toMatchObject({ stateReason: 'address-gone', endpoint: { state: 'disabled' } });
    await eventually(() =>
      published.some(
        ({ key, headers }) =>
          key?.toString() === subscription['id'] &&
          headers?.['ce_type']?.toString() === 'partners.subscription-disabled.v1',
      ),
    );
    gone = false;
    const path = `${SUBSCRIPTIONS}/${subscription['id']}/resumption`;
    await service.make(path, 'bank', {}, { match: disabled['version'] as number });
    await take(receiver, 3);
  });

  it('PTR-03 redirects are not followed, and wrong answers of the protocol count as none', async () => {
    const [receiver, other] = [await partner(), await partner()];
    await service.subscribe('bank', receiver);
    const replies = [{ status: 307, headers: { location: other.url } }, 'cut', { status: 200 }] as const;
    let times = 0;
    receiver.reply = () => replies[Math.min(times++, 2)]!;
    await service.started(ids(1));
    await take(receiver, 1);
    expect(receiver.received).toHaveLength(3);
    expect(other.received).toEqual([]);
  });

  it('PTR-03 a half-failing partner gets everything at least once, each record in order', async () => {
    const receiver = await partner();
    await service.subscribe('bank', receiver);
    let times = 0;
    receiver.reply = () => ({ status: (times += 1) % 7 === 3 ? 500 : 200 });
    const tickets = ids(8);
    await service.started(tickets, { times: 10 });
    await take(receiver, 80);
    for (const ticket of tickets) expect([...new Set(sequences(receiver, ticket))]).toEqual(upTo(10));
    for (const ticket of tickets)
      expect(sequences(receiver, ticket)).toEqual(sequences(receiver, ticket).toSorted((a, b) => a - b));
  });

  it('PTR-03 secrets are rotated with an overlap: both sign, then the new one alone', async () => {
    const receiver = await partner();
    const subscription = await service.subscribe('bank', receiver);
    const [old] = await service.secrets('bank', subscription);
    const rotate = (overlapHours: number, match: number) =>
      service.make(
        `${SUBSCRIPTIONS}/${subscription['id']}/secret-rotations`,
        'bank',
        { overlapHours },
        { match },
      );
    await rotate(1, 1);
    await service.started(ids(1));
    await take(receiver, 1);
    const both = await service.secrets('bank', subscription);
    expect(both).toHaveLength(2);
    expect(both[1]).toBe(old);
    expect(both.map((secret) => verifies(secret, receiver.taken[0]!))).toEqual([true, true]);
    await rotate(0, 2);
    await service.started(ids(1));
    await take(receiver, 2);
    const [newest, ...rest] = await service.secrets('bank', subscription);
    expect(rest).toEqual([]);
    expect(verifies(newest!, receiver.taken[1]!)).toBe(true);
    expect(verifies(old!, receiver.taken[1]!)).toBe(false);
    const stored = await service.rows('select sealed from subscription_secret where subscription_id = $1', [
      subscription['id'],
    ]);
    expect(JSON.stringify(stored)).not.toContain(newest!.slice(6));
  });

  it('PTR-03 replay delivers again from an event or a time, with the same ids', async () => {
    const receiver = await partner();
    const subscription = await service.subscribe('bank', receiver);
    const [ticket] = ids(1);
    await service.started([ticket!], { times: 5 });
    await take(receiver, 5);
    const first = receiver.ids();
    const path = `${SUBSCRIPTIONS}/${subscription['id']}/replay`;
    const version = async () => (await service.read('bank', subscription))['version'] as number;
    await service.make(path, 'bank', { afterEventId: first[1] }, { match: await version() });
    await take(receiver, 8);
    expect(receiver.ids().slice(5)).toEqual(first.slice(2));
    const from = receiver.taken[0]!.body['recordedAt'] as string;
    await service.make(path, 'bank', { from }, { match: await version() });
    await eventually(() => receiver.ids(ticket).length === 13);
    expect(receiver.ids(ticket).slice(8)).toEqual(first);
    const unknown = await service.post(path, 'bank', { afterEventId: newId() }, { match: await version() });
    expect(unknown).toMatchObject({ status: 404, body: { code: 'subscription.event-unknown' } });
  });

  it('PTR-03 a test sends the sample of the catalogue at once, also to a suspended endpoint', async () => {
    const receiver = await partner();
    const subscription = await service.subscribe('bank', receiver);
    const test = () => service.make(`${SUBSCRIPTIONS}/${subscription['id']}/test`, 'bank', {});
    expect(await test()).toMatchObject({ ok: true, status: 204, kind: 'test', type: STARTED });
    expect(receiver.taken[0]!.body).toMatchObject({ type: STARTED, origin: 'test' });
    receiver.reply = () => ({ status: 400, text: 'what?' });
    expect(await test()).toMatchObject({ ok: false, status: 400, answer: 'what?' });
  });

  it('PTR-02 a wrong clock passes nothing over: neither one before the roles were given nor one after they end', async () => {
    const receiver = await partner();
    const tomorrow = new Date(Date.now() + 86_400_000);
    service.group.employee('lender').grant('lender', 'partner@EB1', tomorrow.toISOString());
    await service.learn();
    await service.grant('lender');
    await service.subscribe('lender', receiver);
    const clock = jest.spyOn(service.running.app.get<Clock>(CLOCK, { strict: false }), 'now');
    const [ticket] = ids(1);
    const wrong = [new Date('2004-01-01T00:00:00.000Z'), new Date(tomorrow.getTime() + 3_600_000)];
    for (const [index, at] of wrong.entries()) {
      clock.mockReturnValue(at);
      await service.started([ticket!]);
      await take(receiver, index + 1);
    }
    expect(sequences(receiver, ticket!)).toEqual([1, 2]);
  });

  it('PTR-03 a wrong clock drops nothing of the log before its time', async () => {
    const [ticket] = ids(1);
    await service.started([ticket!]);
    await service.logged(ticket!, 1);
    const { app } = service.running;
    const far = new Date('2099-01-01T00:00:00.000Z');
    jest.spyOn(app.get<Clock>(CLOCK, { strict: false }), 'now').mockReturnValue(far);
    await app.get(LogUpkeep, { strict: false }).forget();
    expect(await service.rows('select from partner_event where aggregate_id = $1', [ticket])).toHaveLength(1);
  });

  it('nothing is sent while a subscription is paused, and nothing of it is lost', async () => {
    const receiver = await partner();
    const subscription = await service.subscribe('bank', receiver);
    const act = async (action: string) =>
      service.make(
        `${SUBSCRIPTIONS}/${subscription['id']}/${action}`,
        'bank',
        {},
        {
          match: (await service.read('bank', subscription))['version'] as number,
        },
      );
    await act('pause');
    const [ticket] = ids(1);
    await service.started([ticket!], { times: 3 });
    await service.logged(ticket!, 3);
    expect(receiver.received).toEqual([]);
    await act('resumption');
    await take(receiver, 3);
  });
});
