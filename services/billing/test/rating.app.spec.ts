import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MeterRemoved } from '@steward/contracts';
import { eventually } from '@steward/testing';
import { BillingUnderTest } from './billing.harness.js';
import { made, RatingWords, type Made } from './rating.harness.js';

let service: BillingUnderTest;
let words: RatingWords;
beforeAll(async () => {
  service = await BillingUnderTest.start();
  words = new RatingWords(service);
}, 60_000);
afterAll(() => service?.stop());

type Told = Readonly<{ type: string; sequence: number; payload: Record<string, unknown> }>;
const events = (id: string): Promise<Told[]> =>
  service.rows<Told>('select type, sequence, payload from outbox where aggregateid = $1 order by sequence', [
    id,
  ]);

describe('BIL-01 fee items and tariffs', () => {
  it('an item is defined and changed with its fact, once per code', async () => {
    const item = await words.item('lift', { uses: ['residential'] });
    expect(item).toMatchObject({ code: 'lift', payer: 'owner', dueDays: 15, version: 1 });
    const body = { branchId: item.branchId, code: 'lift', name: 'x', kind: 'recurring' };
    expect((await service.post('/api/v1/fee-items', 'eb1.accountant', body)).body['code']).toBe(
      'fee-item.code-taken',
    );
    const path = `/api/v1/fee-items/${item.id}`;
    expect((await service.patch(path, 'eb1.accountant', { active: false })).status).toBe(428);
    const after = made(await service.patch(path, 'eb1.accountant', { active: false }, 1));
    expect(after).toMatchObject({ active: false, version: 2 });
    expect((await events(item.id)).map((row) => row.type)).toEqual([
      'billing.fee-item-defined.v1',
      'billing.fee-item-defined.v1',
    ]);
  });

  it('a measured item names its medium, and no other does', async () => {
    const body = { branchId: service.group.id('EB1'), code: 'm', name: 'x', kind: 'metered' };
    expect((await service.post('/api/v1/fee-items', 'eb1.accountant', body)).status).toBe(400);
    const other = { ...body, kind: 'recurring', medium: 'water' };
    expect((await service.post('/api/v1/fee-items', 'eb1.accountant', other)).status).toBe(400);
  });

  it('a published price does not change any more, not even in the database', async () => {
    const item = await words.item('cleaning');
    const draft = await words.draft(item, { method: 'fixed', price: '30' });
    expect(draft).toMatchObject({ state: 'draft', actions: ['publish', 'withdraw'], version: 0 });
    const publish = (match: number) =>
      service.post(`/api/v1/tariffs/${draft.id}/publication`, 'eb1.accountant', {}, { match });
    const published = made(await publish(0));
    expect(published).toMatchObject({ state: 'published', actions: [], version: 1 });
    expect((await publish(1)).body['code']).toBe('tariff.not-a-draft');
    await expect(
      service.rows('update tariff set document = $2 where id = $1', [draft.id, 'x']),
    ).rejects.toThrow('does not change');
    expect(await events(draft.id)).toMatchObject([
      { type: 'billing.tariff-published.v1', payload: { method: 'fixed', document: '沪价费〔2025〕12号' } },
    ]);
  });

  it('two prices of the same reach do not begin on one day', async () => {
    const item = await words.item('parking');
    await words.price(item, { method: 'fixed', price: '100' });
    const second = await words.draft(item, { method: 'fixed', price: '90' });
    const answer = await service.post(
      `/api/v1/tariffs/${second.id}/publication`,
      'eb1.accountant',
      {},
      { match: 0 },
    );
    expect(answer).toMatchObject({ status: 409, body: { code: 'tariff.rival' } });
    const withdrawn = await service.post(
      `/api/v1/tariffs/${second.id}/withdrawal`,
      'eb1.accountant',
      {},
      { match: 0 },
    );
    expect(withdrawn.body).toMatchObject({ state: 'withdrawn', actions: [] });
  });

  it('terms fit the item', async () => {
    const item = await words.item('gas', { kind: 'metered', medium: 'gas' });
    const body = {
      feeItemId: item.id,
      validFrom: '2026-01-01',
      document: 'x',
      terms: { method: 'fixed', price: '1', currency: 'CNY', per: 'month' },
    };
    expect((await service.post('/api/v1/tariffs', 'eb1.accountant', body)).body['code']).toBe(
      'tariff.method-unfit',
    );
  });

  it('ORG-01 another branch neither sees nor prices them; the cashier only reads', async () => {
    const item = await words.item('waste');
    const draft = await words.draft(item, { method: 'fixed', price: '5' });
    for (const path of [`/api/v1/fee-items/${item.id}`, `/api/v1/tariffs/${draft.id}`]) {
      expect((await service.get(path, 'eb2.accountant')).status).toBe(404);
      expect((await service.get(path, 'eb1.cashier')).status).toBe(200);
      expect((await service.get(path, 's2.cashier')).status).toBe(200);
    }
    const path = `/api/v1/tariffs/${draft.id}/publication`;
    expect((await service.post(path, 'eb2.accountant', {}, { match: 0 })).status).toBe(404);
    expect((await service.post(path, 'eb1.cashier', {}, { match: 0 })).status).toBe(403);
  });
});

/** One a day. */
const STEADY = [
  ['2026-01-11', '10'],
  ['2026-01-21', '20'],
  ['2026-01-31', '30'],
] as const;

describe('BIL-06 readings', () => {
  it('begin with the installation, and a jump is held until somebody has looked', async () => {
    const meter = await words.meter(await words.unit());
    for (const [day, value] of STEADY) made(await words.read(meter, day, value));
    const jump = made(await words.read(meter, '2026-02-10', '90'));
    expect(jump).toMatchObject({ state: 'held', suspect: ['jump-up'], actions: ['confirm', 'void'] });
    expect((await events(meter)).map((row) => row.payload['kind'])).toEqual([
      'opening',
      'periodic',
      'periodic',
      'periodic',
    ]);
    const path = `/api/v1/readings/${jump.id}/confirmation`;
    const confirmed = await service.post(path, 'eb1.accountant', { reason: '现场复核' }, { match: 1 });
    expect(confirmed.body).toMatchObject({ state: 'accepted', version: 2 });
    expect(await events(meter)).toHaveLength(5);
  });

  it('are one a day; a wrong one is voided and read again', async () => {
    const meter = await words.meter(await words.unit());
    const first = made(await words.read(meter, '2026-01-31', '7'));
    expect((await words.read(meter, '2026-01-31', '7.0')).body['code']).toBe('reading.exists');
    expect((await words.read(meter, '2026-01-31', '8')).body['code']).toBe('reading.differs');
    const path = `/api/v1/readings/${first.id}/voiding`;
    expect((await service.post(path, 'eb1.accountant', { reason: '抄错' }, { match: 1 })).status).toBe(200);
    expect((await words.read(meter, '2026-01-31', '8')).status).toBe(201);
  });

  it.each([
    ['2025-12-31', '1', 'reading.before-installation'],
    ['2099-01-01', '1', 'reading.day-ahead'],
    ['2026-02-01', '100000', 'reading.too-many-digits'],
  ])('%s with %s is refused', async (day, value, code) => {
    const meter = await words.meter(await words.unit(), { digits: 5 });
    expect((await words.read(meter, day, value)).body['code']).toBe(code);
  });

  it('are estimated from the use before where nobody could read', async () => {
    const meter = await words.meter(await words.unit());
    expect((await words.read(meter, '2026-01-11', undefined, { estimated: true })).body['code']).toBe(
      'reading.no-estimate',
    );
    for (const [day, value] of STEADY) made(await words.read(meter, day, value));
    expect(made(await words.read(meter, '2026-02-10', undefined, { estimated: true }))).toMatchObject({
      value: '40',
      estimated: true,
      state: 'accepted',
    });
  });

  it('end with the removal, and another branch does not see them', async () => {
    const place = await words.unit();
    const meter = await words.meter(place);
    await service.tell(MeterRemoved, meter, 'EB1', {
      meterId: meter,
      removedOn: '2026-03-10',
      closingReading: '33',
    });
    const closing = await eventually(async () => {
      const { body } = await service.get(`/api/v1/readings?meterId=${meter}`, 'eb1.accountant');
      return (body['items'] as (Made & { kind: string })[]).find(({ kind }) => kind === 'closing');
    });
    expect(closing).toMatchObject({ day: '2026-03-10', value: '33' });
    expect((await words.read(meter, '2026-03-11', '34')).body['code']).toBe('reading.after-removal');
    expect((await service.get(`/api/v1/readings/${closing.id}`, 'eb2.accountant')).status).toBe(404);
    expect((await service.get(`/api/v1/readings/${closing.id}`, 's2.cashier')).status).toBe(404);
  });

  it('missing twice in a row are for a visit on the site', async () => {
    const place = await words.unit({}, 'EB2-S1', 'EB2');
    const [silent, read] = [await words.meter(place), await words.meter(place)];
    const body = { meterId: read, day: '2026-02-28', value: '5', source: 'photo' };
    made(await service.post('/api/v1/readings', 'eb2.accountant', body));
    const list = await service.get('/api/v1/readings/missing?period=2026-03', 'eb2.accountant');
    expect(list.body['items']).toMatchObject([{ id: silent, lastActualOn: '2026-01-01', missed: 2 }]);
    const before = await service.get('/api/v1/readings/missing?period=2026-02', 'eb2.accountant');
    expect(before.body['items']).toEqual([]);
  });
});
