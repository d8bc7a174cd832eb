import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ChargeAllocated, ChargeRaised, fromHeaders, type ReceivedHeaders } from '@steward/contracts';
import type { Json } from '@steward/directory/testing';
import { newId } from '@steward/kernel';
import type { KafkaMessage } from '@steward/messaging';
import { eventually } from '@steward/testing';
import { TicketsUnderTest } from './tickets.harness.js';

jest.setTimeout(60_000);

let service: TicketsUnderTest;
let seen: readonly KafkaMessage[];
let customerId: string;
let propertyUnitId: string;

beforeAll(async () => {
  service = await TicketsUnderTest.start();
  seen = await service.listen('tickets.v1');
  await service.category('water-leak');
  customerId = await service.customer();
  propertyUnitId = await service.propertyUnit();
  await price('tap-replace', '80.00', 'labour');
  await price('tap-dn15', '40.50', 'material');
}, 90_000);
afterAll(() => service?.stop());

const cny = (amount: string) => ({ amount, currency: 'CNY' });
const price = (code: string, amount: string, kind: string, rest: Json = {}): Promise<Json> =>
  service.make('/api/v1/price-items', 'eb1.engineering-supervisor', {
    branchId: service.group.id('EB1'),
    code,
    name: `价目 ${code}`,
    kind,
    measure: 'piece',
    unitPrice: cny(amount),
    validFrom: '2026-01-01',
    ...rest,
  });
const LINES = [
  { itemCode: 'tap-replace', description: 'Replace the tap', quantity: '1' },
  { itemCode: 'tap-dn15', description: 'Tap DN15', quantity: '1' },
];
const code = ({ status, body }: { status: number; body: Json }): unknown[] => [status, body['code']];
const factsOf = (id: unknown) =>
  seen
    .filter((message) => message.key?.toString() === id)
    .map(({ headers, value }) => fromHeaders(headers as ReceivedHeaders, value));
const dataOf = async (id: unknown, type: string): Promise<Json> =>
  (await eventually(() => factsOf(id).find((event) => event.type === `tickets.${type}.v1`))).data as Json;
const now = async (ticket: Json, as = 'eb1.cs-agent'): Promise<Json> =>
  (await service.get(`/api/v1/tickets/${ticket['id']}`, as)).body;
const repairOf = async (ticket: Json, as = 'eb1.cs-agent'): Promise<Json> =>
  (await service.get(`/api/v1/tickets/${ticket['id']}/repair`, as)).body;
const refused = async (
  ticket: Json,
  action: string,
  body: Json = {},
  as = 'eb1.cs-agent',
): Promise<unknown[]> => {
  const { version } = await now(ticket);
  return code(
    await service.post(`/api/v1/tickets/${ticket['id']}/${action}`, as, body, { match: version as number }),
  );
};

/** A repair of a known customer that engineering has taken over. */
async function slip(changes: Json = {}): Promise<Json> {
  const ticket = await service.ticket({
    categoryCode: 'water-leak',
    customerId,
    propertyUnitId,
    requesterPhone: '139',
    ...changes,
  });
  const assigneeId = service.group.employees.get('eb1.engineer')!;
  const assigned = await service.act(ticket, 'assignment', { assigneeId });
  return service.act(assigned, 'slip-receipt', {}, 'eb1.engineer');
}

async function signed(changes: Json = {}, signature: Json = {}, as = 'eb1.engineer'): Promise<Json> {
  let ticket = await slip(changes);
  ticket = await service.act(ticket, 'quote', { lines: LINES }, 'eb1.engineer');
  ticket = await service.act(ticket, 'quote-acceptance', { note: 'By phone, says Ms Wang.' });
  ticket = await service.act(ticket, 'start', {}, 'eb1.engineer');
  ticket = await service.act(ticket, 'completion', { outcome: 'New tap.' }, 'eb1.engineer');
  return service.act(ticket, 'signature', { signedBy: '王晓梅', tried: true, ...signature }, as);
}

describe('customer and property unit of a ticket', () => {
  it('are taken at intake in one go, shown, told and found again', async () => {
    const ticket = await service.ticket({ customerId, propertyUnitId, siteId: service.group.id('EB1-S1') });
    expect(ticket).toMatchObject({ customerId, propertyUnitId, payment: 'none', quoteState: null });
    const event = await eventually(() => factsOf(ticket['id'])[0]);
    expect(event.data).toMatchObject({ customerId, propertyUnitId });
    const list = await service.get(`/api/v1/tickets?customerId=${customerId}`, 'eb1.cs-agent');
    expect((list.body['items'] as Json[]).map(({ id }) => id as string)).toContain(ticket['id']);
    const other = await service.get(`/api/v1/tickets?customerId=${newId()}`, 'eb1.cs-agent');
    expect(other.body['items']).toEqual([]);
  });

  it('of another branch or nobody are refused and take no number', async () => {
    const foreign = await service.customer('EB2');
    const otherSite = service.group.id('EB1-S2');
    const before = await service.ticket();
    const post = async (changes: Json) => {
      const body = service.intake(changes);
      return service.post('/api/v1/tickets', 'eb1.cs-agent', body, { key: newId() });
    };
    expect(code(await post({ customerId: foreign }))).toEqual([422, 'ticket.customer-unknown']);
    expect(code(await post({ customerId: newId() }))).toEqual([422, 'ticket.customer-unknown']);
    expect(code(await post({ propertyUnitId: newId() }))).toEqual([422, 'ticket.property-unit-unknown']);
    const elsewhere = await post({ propertyUnitId, siteId: otherSite });
    expect(code(elsewhere)).toEqual([422, 'ticket.property-unit-unknown']);
    const after = await service.ticket();
    expect(Number((after['number'] as string).slice(-6))).toBe(
      Number((before['number'] as string).slice(-6)) + 1,
    );
  });

  it('ORG-05 a repeated key gets the first answer, also when the customer is gone meanwhile', async () => {
    const leaving = await service.customer();
    const key = newId();
    const body = service.intake({ customerId: leaving });
    const first = await service.post('/api/v1/tickets', 'eb1.cs-agent', body, { key });
    expect(first.status).toBe(201);
    await service.rows('delete from seen_customer where customer_id = $1', [leaving]);
    const again = await service.post('/api/v1/tickets', 'eb1.cs-agent', body, { key });
    expect([again.status, again.text]).toEqual([201, first.text]);
  });

  it('are set later, with trail and event; unknown ones are refused', async () => {
    const ticket = await service.ticket();
    const patch = (body: Json, match: number) =>
      service.patch(`/api/v1/tickets/${ticket['id']}`, 'eb1.cs-agent', body, match);
    expect(code(await patch({ customerId: newId() }, 1))).toEqual([422, 'ticket.customer-unknown']);
    expect(code(await patch({ propertyUnitId: newId() }, 1))).toEqual([422, 'ticket.property-unit-unknown']);
    expect((await patch({}, 1)).status).toBe(400);
    const changed = await patch({ customerId, propertyUnitId }, 1);
    expect(changed.body).toMatchObject({ customerId, propertyUnitId, version: 2 });
    expect(code(await patch({ customerId: null }, 1))[0]).toBe(412);
    expect(await dataOf(ticket['id'], 'ticket-amended')).toMatchObject({
      fields: ['customerId', 'propertyUnitId'],
    });
    const { body } = await service.get(`/api/v1/tickets/${ticket['id']}/history`, 'eb1.cs-agent');
    expect((body['items'] as Json[]).at(-1)).toMatchObject({ action: 'amend' });
  });
});

describe('FLW-01 a charged repair', () => {
  it('TKT-40 TKT-43 TKT-44 from the slip to the signature tells billing what to charge', async () => {
    const ticket = await signed();
    expect(ticket).toMatchObject({
      state: 'completed',
      quoteState: 'accepted',
      signedAt: expect.any(String),
      slipReceivedAt: expect.any(String),
    });
    expect(await dataOf(ticket['id'], 'repair-slip-received')).toMatchObject({
      employeeId: service.group.employees.get('eb1.engineer'),
    });
    expect(await dataOf(ticket['id'], 'work-signed')).toMatchObject({
      number: ticket['number'] as string,
      customerId,
      propertyUnitId,
      charge: {
        total: cny('120.50'),
        lines: [
          { line: 1, kind: 'labour', itemCode: 'tap-replace', amount: cny('80.00') },
          { line: 2, kind: 'material', itemCode: 'tap-dn15', amount: cny('40.50') },
        ],
      },
    });
    expect(await repairOf(ticket)).toMatchObject({
      slipReceivedByName: expect.any(String),
      signedBy: '王晓梅',
      quotes: [{ state: 'accepted', total: cny('120.50'), chargedAt: expect.any(String) }],
    });
    expect(await repairOf(ticket, 'eb1.driver')).toMatchObject({
      signedBy: '***',
      quotes: [{ answerNote: '***' }],
    });
    const texts = factsOf(ticket['id']).map((event) => JSON.stringify(event.data));
    for (const word of ['王晓梅', 'Ms Wang', 'Replace the tap', 'New tap'])
      expect(texts.filter((text) => text.includes(word))).toEqual([]);
    const sequences = factsOf(ticket['id']).map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, i) => i + 1));
  });

  it('TKT-43 does not start or end while the customer has not answered', async () => {
    let ticket = await slip();
    ticket = await service.act(
      ticket,
      'quote',
      { lines: LINES, ownMaterials: [{ description: 'Hose', fit: false }] },
      'eb1.engineer',
    );
    expect(ticket['actions']).not.toContain('start');
    expect(await refused(ticket, 'start')).toEqual([409, 'ticket.quote-open']);
    expect(await refused(ticket, 'completion', { outcome: 'x' })).toEqual([409, 'ticket.quote-open']);
    ticket = await service.act(ticket, 'quote', { lines: [LINES[0]] }, 'eb1.engineer');
    expect((await repairOf(ticket))['quotes']).toMatchObject([
      { state: 'replaced', ownMaterials: [{ description: 'Hose', fit: false }] },
      { state: 'given', total: cny('80.00') },
    ]);
    ticket = await service.act(ticket, 'quote-refusal', { note: 'Too much.' });
    ticket = await service.act(ticket, 'completion', { outcome: 'Made safe.' }, 'eb1.engineer');
    ticket = await service.act(ticket, 'signature', { signedBy: '王', tried: true }, 'eb1.engineer');
    expect(await dataOf(ticket['id'], 'work-signed')).toMatchObject({ charge: null });
  });

  it('TKT-41 prices by the list of the day, work outside of it case by case', async () => {
    await price('pump-hour', '60.00', 'labour');
    await price('pump-hour', '66.00', 'labour', { validFrom: '2026-06-01' });
    const ticket = await slip();
    const quote = (...lines: Json[]) => refused(ticket, 'quote', { lines }, 'eb1.engineer');
    const assessed = { description: 'Open the wall', quantity: '1.5' };
    expect(await quote({ itemCode: 'roof', description: 'x', quantity: '1' })).toEqual([
      422,
      'quote.item-unknown',
    ]);
    expect(await quote(assessed)).toEqual([422, 'quote.price-missing']);
    expect(await quote({ ...LINES[0], unitPrice: cny('1.00') })).toEqual([422, 'quote.price-set']);
    const lines = [
      { itemCode: 'pump-hour', description: 'Pump', quantity: '0.5' },
      { ...assessed, kind: 'labour', unitPrice: cny('10.01') },
    ];
    const quoted = await service.act(ticket, 'quote', { lines }, 'eb1.engineer');
    expect((await repairOf(quoted))['quotes']).toMatchObject([{ total: cny('48.02') }]);
  });

  it('TKT-43 is charged to somebody: no acceptance without a customer', async () => {
    const ticket = await slip({ customerId: null });
    const quoted = await service.act(ticket, 'quote', { lines: LINES }, 'eb1.engineer');
    expect(await refused(quoted, 'quote-acceptance')).toEqual([409, 'ticket.customer-missing']);
  });

  it('TKT-44 agreed work goes free only by who answers for it', async () => {
    let ticket = await slip();
    ticket = await service.act(ticket, 'quote', { lines: LINES }, 'eb1.engineer');
    ticket = await service.act(ticket, 'quote-acceptance');
    ticket = await service.act(ticket, 'completion', { outcome: 'x' });
    const signature = { signedBy: '王', tried: true, free: 'in-warranty' };
    expect(await refused(ticket, 'signature', signature, 'eb1.engineer')).toEqual([
      403,
      'ticket.may-not-waive',
    ]);
    expect(await refused(ticket, 'signature', { ...signature, tried: false })).toEqual([
      400,
      'request.invalid-body',
    ]);
    ticket = await service.act(ticket, 'signature', signature, 'eb1.engineering-supervisor');
    expect(await dataOf(ticket['id'], 'work-signed')).toMatchObject({ charge: null });
    expect(ticket['actions']).not.toContain('sign');
  });

  it('TKT-49 what was charged is done again for nothing, on the same ticket', async () => {
    let ticket = await signed();
    expect(await refused(ticket, 'rework', { reason: 'x' }, 'eb1.engineer')).toEqual([
      403,
      'access.role-missing',
    ]);
    ticket = await service.act(ticket, 'rework', { reason: 'It drips again, says Ms Wang.' });
    expect(ticket).toMatchObject({
      state: 'assigned',
      reworkRounds: 1,
      signedAt: null,
      slipReceivedAt: null,
    });
    expect(await dataOf(ticket['id'], 'rework-ordered')).toMatchObject({ round: 1 });
    expect(await refused(ticket, 'quote', { lines: LINES }, 'eb1.engineer')).toEqual([
      409,
      'ticket.slip-missing',
    ]);
    ticket = await service.act(ticket, 'slip-receipt', {}, 'eb1.engineer');
    expect(await refused(ticket, 'quote', { lines: LINES }, 'eb1.engineer')).toEqual([
      409,
      'ticket.rework-free',
    ]);
    ticket = await service.act(ticket, 'completion', { outcome: 'New seal.' }, 'eb1.engineer');
    ticket = await service.act(ticket, 'signature', { signedBy: '王', tried: true }, 'eb1.engineer');
    const charges = await eventually(() => {
      const all = factsOf(ticket['id']).filter(({ type }) => type === 'tickets.work-signed.v1');
      return all.length === 2 && all;
    });
    expect(charges.map(({ data }) => (data as Json)['charge'] !== null)).toEqual([true, false]);
  });

  it('TKT-44 a ticket that is only opened again is not charged twice for the same quote', async () => {
    let ticket = await signed();
    ticket = await service.act(ticket, 'reopening', { reason: 'One more tap.' });
    ticket = await service.act(ticket, 'completion', { outcome: 'x' });
    ticket = await service.act(ticket, 'signature', { signedBy: '王', tried: true });
    const second = await eventually(
      () => factsOf(ticket['id']).filter(({ type }) => type === 'tickets.work-signed.v1')[1],
    );
    expect(second.data).toMatchObject({ charge: null });
  });
});

describe('FLW-01 payment of a ticket', () => {
  const charge = (ticket: Json) => {
    const chargeId = newId();
    const accountId = newId();
    const branch = { branch: service.group.id('EB1') };
    const ticketId = ticket['id'] as string;
    return {
      raise: () =>
        service.facts.state(ChargeRaised, chargeId, branch, {
          ...{ chargeId, accountId, customerId, propertyUnitId, siteId: null, ticketId },
          feeItemCode: 'repair',
          amount: cny('120.50'),
          serviceFrom: '2026-03-04',
          serviceTo: '2026-03-04',
          dueOn: '2026-03-19',
        }),
      allocate: (amount: string, open: string) =>
        service.facts.state(ChargeAllocated, chargeId, branch, {
          ...{ chargeId, accountId, ticketId, amount: cny(amount), open: cny(open) },
          paymentId: newId(),
          creditNoteId: null,
          allocatedOn: '2026-03-05',
          allocatedAt: '2026-03-05T03:00:00.000Z',
        }),
    };
  };
  const shows = (ticket: Json, payment: string) =>
    eventually(async () => (await now(ticket))['payment'] === payment, { timeoutMs: 30_000 });

  it('is due, partly paid, paid, and due again when the payment is taken back', async () => {
    const ticket = await signed();
    const billing = charge(ticket);
    billing.raise();
    await service.facts.publish();
    await shows(ticket, 'due');
    billing.allocate('60.00', '60.50');
    await service.facts.publish();
    await shows(ticket, 'partly');
    billing.allocate('60.50', '0.00');
    await service.facts.publish();
    await shows(ticket, 'paid');
    await service.facts.again(service.facts.published);
    expect(await repairOf(ticket)).toMatchObject({
      payment: 'paid',
      charges: [{ amount: cny('120.50'), open: cny('0.00'), dueOn: '2026-03-19' }],
    });
    billing.allocate('-60.50', '60.50');
    await service.facts.publish();
    await shows(ticket, 'partly');
    const types = factsOf(ticket['id']).map(({ type }) => type);
    expect(types.filter((type) => type === 'tickets.ticket-paid.v1')).toHaveLength(1);
    const paid = await service.get('/api/v1/tickets?payment=partly', 'eb1.cs-agent');
    expect((paid.body['items'] as Json[]).map(({ id }) => id as string)).toContain(ticket['id']);
    const again = await now(ticket);
    expect(
      code(
        await service.patch(
          `/api/v1/tickets/${ticket['id']}`,
          'eb1.cs-agent',
          { customerId: null },
          again['version'] as number,
        ),
      ),
    ).toEqual([409, 'ticket.charged']);
  });

  it('a charge of no ticket here changes nothing', async () => {
    const stranger = charge({ id: newId() });
    const ticket = await signed();
    stranger.raise();
    charge(ticket).raise();
    await service.facts.publish();
    await shows(ticket, 'due');
    const [row] = await service.rows<{ n: string }>(
      'select count(*) n from ticket_charge c where not exists (select from ticket t where t.id = c.ticket_id)',
    );
    expect(row!.n).toBe('0');
  });
});
