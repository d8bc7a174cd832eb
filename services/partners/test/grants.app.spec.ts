import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CustomerChanged, CustomerLinked, TicketAssigned, TicketCompleted } from '@steward/contracts';
import type { Json } from '@steward/directory/testing';
import { newId } from '@steward/kernel';
import { eventually } from '@steward/testing';
import {
  COMPLETED,
  FEED,
  GRANTS,
  ids,
  PartnersUnderTest,
  STARTED,
  SUBSCRIPTIONS,
} from './partners.harness.js';
import { GrantBook } from '../src/grant/grant-book.js';
import { Receiver } from './receiver.js';

const ASSIGNED = TicketAssigned.type;
const LINKED = CustomerLinked.type;
const CHANGED = CustomerChanged.type;

let service: PartnersUnderTest;
let receivers: Receiver[] = [];

beforeAll(async () => {
  service = await PartnersUnderTest.start();
}, 90_000);
afterEach(async () => {
  for (const receiver of receivers) await receiver.stop();
  receivers = [];
});
afterAll(() => service?.stop());

const partner = async (): Promise<Receiver> => {
  const receiver = await Receiver.start();
  receivers.push(receiver);
  return receiver;
};
const change = (grant: Json, body: Json) =>
  service.patch(`${GRANTS}/${grant['id']}`, 'hq.admin', body, grant['version'] as number);
const revoke = (grant: Json) =>
  service.make(
    `${GRANTS}/${grant['id']}/revocation`,
    'hq.admin',
    { reason: 'over' },
    { match: grant['version'] as number },
  );
const feed = async (client: string, query = ''): Promise<Json[]> =>
  (await service.get(`${FEED}?limit=200${query}`, client)).body['items'] as Json[];
const assign = async (branch: string, changes: Json = {}): Promise<string> => {
  const ticketId = newId();
  const data = { ticketId, assigneeId: newId(), assignedAt: '2026-03-02T01:05:00.000Z', ...changes };
  service.facts.state(TicketAssigned, ticketId, { branch: service.group.id(branch) }, data);
  await service.facts.publish();
  await service.logged(ticketId, 1);
  return ticketId;
};

describe('grants', () => {
  it('PTR-02 are given, changed and revoked by headquarters alone, each in the trail', async () => {
    const grant = await service.grant('bank');
    expect(grant).toMatchObject({
      client: 'bank',
      state: 'active',
      branchIds: null,
      topic: null,
      actions: ['change', 'revoke', 'open-topic'],
    });
    for (const as of ['bank', 'hq.auditor', 'eb1.agent'])
      expect((await service.post(GRANTS, as, { client: 'x', name: 'x', eventTypes: [STARTED] })).status).toBe(
        403,
      );
    expect((await service.get(`${GRANTS}/${grant['id']}`, 'bank')).status).toBe(200);
    expect((await service.get(`${GRANTS}/${grant['id']}`, 'utility')).status).toBe(404);
    expect((await service.get(GRANTS, 'utility')).body['items']).toEqual([]);
    expect((await service.get(`${GRANTS}/${grant['id']}`, 'hq.auditor')).body['actions']).toEqual([]);
    expect(await change({ ...grant, version: 7 }, { name: 'y' })).toMatchObject({ status: 412 });
    const changed = await change(grant, { eventTypes: [COMPLETED] });
    expect(changed.body).toMatchObject({ eventTypes: [COMPLETED], version: 2 });
    const over = await revoke(changed.body);
    expect(over).toMatchObject({ state: 'revoked', version: 3, actions: [] });
    expect(await change(over, { name: 'z' })).toMatchObject({
      status: 409,
      body: { code: 'partner-grant.revoked' },
    });
    const trail = await service.get(`/api/v1/audit/partners?entityId=${grant['id']}`, 'hq.auditor');
    expect((trail.body['items'] as Json[]).map(({ action }) => action as string).sort()).toEqual([
      'change',
      'give',
      'revoke',
    ]);
  });

  it('PTR-01 bring no topic where the installation offers partners no brokers', async () => {
    const grant = await service.grant('bank');
    expect(await service.post(`${GRANTS}/${grant['id']}/topic`, 'hq.admin', {}, { match: 1 })).toMatchObject({
      status: 409,
      body: { code: 'partner-topic.not-offered' },
    });
    await revoke(grant);
  });

  it('PTR-02 name only events of the catalogue and branches that there are', async () => {
    const give = (changes: Json) =>
      service.post(GRANTS, 'hq.admin', { client: 'bank', name: 'bank', eventTypes: [STARTED], ...changes });
    expect(await give({ eventTypes: ['tickets.never-heard.v1'] })).toMatchObject({
      status: 422,
      body: { code: 'partner-grant.type-unknown' },
    });
    expect(await give({ eventTypes: ['tickets.audit-head-sealed.v1'] })).toMatchObject({ status: 422 });
    expect(await give({ branchIds: [newId()] })).toMatchObject({
      body: { code: 'partner-grant.branch-unknown' },
    });
    expect(await give({ personalFields: ['salary'] })).toMatchObject({ status: 400 });
  });

  it('PTR-02 let through the branches that are granted and where the client is a partner, by feed and webhook', async () => {
    const [EB1, EB2] = [service.group.id('EB1'), service.group.id('EB2')];
    // headquarters grants every branch, organisation lets the utility into EB1 only
    await service.grant('utility', { eventTypes: [ASSIGNED] });
    await service.grant('authority', { eventTypes: [ASSIGNED], branchIds: [EB2] });
    const [one, two] = [await assign('EB1'), await assign('EB2')];
    const seen = async (client: string) =>
      (await feed(client)).map(({ aggregateId }) => aggregateId as string);
    expect(await seen('utility')).toContain(one);
    expect(await seen('utility')).not.toContain(two);
    expect(await seen('authority')).toContain(two);
    expect(await seen('authority')).not.toContain(one);
    expect((await service.get(FEED, 'eb1.agent')).status).toBe(403);
    const beyond = await service.post(SUBSCRIPTIONS, 'utility', {
      name: 'more',
      eventTypes: [ASSIGNED, COMPLETED],
      branchIds: [EB1, EB2],
      address: 'https://partner.example/',
    });
    expect(beyond).toMatchObject({ status: 422, body: { code: 'subscription.not-granted' } });
    expect(beyond.body['params']).toEqual({ eventTypes: [COMPLETED], branchIds: [EB2] });
  });

  it('PTR-02 ids of people go unless their kind is granted; a record that is a person gets an id of the partner', async () => {
    await service.grant('utility', { eventTypes: [ASSIGNED, LINKED, CHANGED] });
    const grant = await service.grant('authority', { eventTypes: [ASSIGNED, LINKED] });
    const assigneeId = newId();
    const ticketId = await assign('EB2', { assigneeId });
    const [shown] = (await feed('authority')).filter(({ aggregateId }) => aggregateId === ticketId);
    expect(shown!['data']).toEqual({ ticketId, assignedAt: '2026-03-02T01:05:00.000Z' });
    expect(shown).not.toHaveProperty('actor');
    const customerId = newId();
    const linked = {
      customerId,
      kind: 'person' as const,
      linkedAt: '2026-03-02T01:00:00.000Z',
      how: 'registered',
    };
    service.facts.state(CustomerLinked, customerId, { branch: service.group.id('EB1') }, linked);
    service.facts.state(CustomerLinked, customerId, { branch: service.group.id('EB2') }, linked);
    service.facts.state(
      CustomerChanged,
      customerId,
      { branch: null },
      { customerId, kind: 'person', active: true, fields: ['phones'] },
    );
    await service.facts.publish();
    await service.logged(customerId, 3);
    const mine = (await feed('authority', `&eventType=${LINKED}`)).at(-1)!;
    const theirs = (await feed('utility', `&eventType=${LINKED}`)).at(-1)!;
    expect(JSON.stringify([mine, theirs])).not.toContain(customerId);
    expect(mine['aggregateId']).not.toBe(theirs['aggregateId']);
    // facts of the group need a grant that names them
    expect(await feed('utility', `&eventType=${CHANGED}`)).toEqual([]);
    await change(grant, { personalFields: ['customer', 'employee'] });
    await eventually(
      async () => (await feed('authority', `&eventType=${LINKED}`)).at(-1)!['aggregateId'] === customerId,
    );
    const [wider] = (await feed('authority')).filter(({ aggregateId }) => aggregateId === ticketId);
    expect(wider).toMatchObject({ actor: 'spec', data: { assigneeId } });
    await service.grant('utility', { eventTypes: [CHANGED], groupFacts: true });
    await eventually(async () => (await feed('utility', `&eventType=${CHANGED}`)).length === 1);
  });

  it('PTR-02 a revoked grant stops what is on its way', async () => {
    const receiver = await partner();
    const grant = await service.grant('bank', { branchIds: [service.group.id('EB2')] });
    const subscription = await service.subscribe('bank', receiver);
    let free = (): void => undefined;
    receiver.reply = () => new Promise((resolve) => (free = () => resolve({ status: 200 })));
    const [ticket] = ids(1);
    await service.started([ticket!], { times: 6, branch: 'EB2' });
    await service.logged(ticket!, 6);
    await eventually(() => receiver.received.length === 1);
    await revoke(grant);
    free();
    // the cursor has passed all of them, and only the one that was under way arrived
    await eventually(async () => {
      const rows = await service.rows(
        'select position::int, (select max(position)::int from partner_event) head from subscription_cursor where id = $1',
        [subscription['id']],
      );
      return rows[0]!['position'] === rows[0]!['head'];
    });
    expect(receiver.received).toHaveLength(1);
  });

  it('PTR-02 organisation withdrawing the role stops deliveries as well', async () => {
    const receiver = await partner();
    service.group.employee('leaver');
    const held = service.group.grant('leaver', 'partner@EB1');
    await service.learn();
    await service.grant('leaver');
    const subscription = await service.subscribe('leaver', receiver);
    await service.started(ids(1));
    await eventually(() => receiver.taken.length === 1);
    service.group.revoke('leaver', held, 'partner@EB1');
    await service.learn();
    const book = service.running.app.get(GrantBook, { strict: false });
    await eventually(async () => (await book.of('leaver')).reach.length === 0);
    const [late] = ids(1);
    await service.started([late!]);
    await service.logged(late!, 1);
    expect((await service.get(`${SUBSCRIPTIONS}/${subscription['id']}`, 'leaver')).status).toBe(403);
    await service.grant('utility');
    const other = await partner();
    await service.subscribe('utility', other);
    await service.started(ids(1));
    await eventually(() => other.taken.length === 1);
    expect(receiver.taken).toHaveLength(1);
  });
});

describe('subscriptions', () => {
  it('ORG-01 are seen and changed by their own client only; headquarters reads them', async () => {
    const receiver = await partner();
    await service.grant('utility');
    const mine = await service.subscribe('utility', receiver);
    const path = `${SUBSCRIPTIONS}/${mine['id']}`;
    for (const end of ['', '/secrets', '/attempts', '/parked'])
      expect([end, (await service.get(path + end, 'authority')).status]).toEqual([end, 404]);
    expect((await service.patch(path, 'authority', { name: 'x' }, 1)).status).toBe(404);
    expect((await service.post(`${path}/pause`, 'authority', {}, { match: 1 })).status).toBe(404);
    expect((await service.post(`${path}/test`, 'authority', {})).status).toBe(404);
    expect((await service.call('DELETE', path, 'authority', undefined, { match: 1 })).status).toBe(404);
    expect((await service.get(SUBSCRIPTIONS, 'authority')).body['items']).toEqual([]);
    expect(await service.get(path, 'hq.auditor')).toMatchObject({ status: 200, body: { actions: [] } });
    expect((await service.get(`${path}/secrets`, 'hq.admin')).status).toBe(403);
    expect((await service.patch(path, 'hq.admin', { name: 'x' }, 1)).status).toBe(403);
    expect((await service.patch(path, 'utility', { name: 'x' })).status).toBe(428);
  });

  it('PTR-01 addresses inside the network are refused', async () => {
    await service.grant('bank');
    const at = (address: string) =>
      service.post(SUBSCRIPTIONS, 'bank', { name: 'in', eventTypes: [STARTED], address });
    for (const address of [
      'http://partner.example/',
      'https://10.0.0.7/hook',
      'https://169.254.169.254/latest/meta-data',
      'https://[::ffff:10.0.0.7]/',
      'https://2130706434/',
      'https://user:pass@partner.example/',
      'file:///etc/passwd',
    ])
      expect([address, await at(address)]).toMatchObject([
        address,
        { status: 422, body: { code: 'subscription.address-refused' } },
      ]);
  });

  it('PTR-01 take what their filter says', async () => {
    const receiver = await partner();
    await service.grant('bank');
    const [ticket, other] = ids(2);
    await service.subscribe('bank', receiver, {
      eventTypes: [STARTED, COMPLETED],
      branchIds: [service.group.id('EB1')],
      filter: { fields: { onTime: [false] } },
    });
    await service.started([ticket!, other!]);
    const place = { branch: service.group.id('EB1') };
    for (const [ticketId, onTime] of [
      [ticket!, true],
      [other!, false],
    ] as const)
      service.facts.state(TicketCompleted, ticketId, place, {
        ticketId,
        completedAt: '2026-03-04T08:30:00.000Z',
        dueAt: null,
        onTime,
      });
    await service.facts.publish();
    await eventually(() => receiver.taken.length === 1);
    await service.logged(ticket!, 2);
    expect(receiver.taken[0]!.body).toMatchObject({ aggregateId: other, type: COMPLETED });
  });

  it('end for good', async () => {
    const receiver = await partner();
    await service.grant('bank');
    const made = await service.subscribe('bank', receiver);
    const path = `${SUBSCRIPTIONS}/${made['id']}`;
    const ended = await service.call('DELETE', path, 'bank', undefined, { match: 1 });
    expect(ended).toMatchObject({ status: 200, body: { state: 'ended', actions: [] } });
    expect(await service.post(`${path}/resumption`, 'bank', {}, { match: 2 })).toMatchObject({
      status: 409,
      body: { code: 'subscription.ended' },
    });
    expect(await service.secrets('bank', made)).toEqual([]);
  });

  it('are made once per Idempotency-Key, and no secret is in what is stored of the answer', async () => {
    await service.grant('bank');
    const body = { name: 'once', eventTypes: [STARTED], address: 'https://partner.example/once' };
    const [first, again] = [
      await service.post(SUBSCRIPTIONS, 'bank', body, { key: 'once' }),
      await service.post(SUBSCRIPTIONS, 'bank', body, { key: 'once' }),
    ];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(JSON.stringify(await service.rows('select * from idempotency'))).not.toContain('whsec_');
  });
});
