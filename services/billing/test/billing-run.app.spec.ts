import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toLocalDate } from '@steward/kernel';
import { BillingUnderTest } from './billing.harness.js';
import { made, RatingWords, type ChargeRow, type Exception } from './rating.harness.js';

let service: BillingUnderTest;
let words: RatingWords;
beforeAll(async () => {
  service = await BillingUnderTest.start();
  words = new RatingWords(service);
}, 60_000);
afterAll(() => service?.stop());

type Line = Readonly<{
  propertyUnitId: string;
  feeItemCode: string;
  serviceFrom: string;
  serviceTo: string;
  amount: { amount: string };
  explanation: unknown;
}>;

const brief = ({ customer, from, to, amount }: ChargeRow) => `${customer} ${from} ${to} ${amount}`;
const reasons = (list: readonly Exception[]) =>
  list.map((one) => `${one['code']} ${one['serviceFrom']} ${one['serviceTo']}`);

describe('BIL-04 recurring items', () => {
  it('BIL-05 the developer pays the vacant days, owners by day, and each day is charged once', async () => {
    const place = await words.unit({ use: 'office' });
    const developer = await words.occupancy(place, 'developer', '2020-01-01');
    const owner = await words.occupancy(place, 'owner', '2026-03-11');
    const item = await words.item('office-fee', { uses: ['office'] });
    await words.price(item, { method: 'per-area', price: '3.10' });
    const run = await words.run('2026-03', { items: ['office-fee'] });
    expect(run).toMatchObject({
      state: 'done',
      charges: 2,
      exceptions: 0,
      progress: { items: 1, itemsDone: 1, lookedAt: 1 },
      // 86.5 × 3.10 × 10/31 and × 21/31
      totals: [{ amount: '268.15', currency: 'CNY' }],
    });
    expect((await words.charges('office-fee')).map(brief)).toEqual([
      `${developer} 2026-03-01 2026-03-10 8650`,
      `${owner} 2026-03-11 2026-03-31 18165`,
    ]);
    const again = await words.run('2026-03', { items: ['office-fee'] });
    expect(again).toMatchObject({ state: 'done', charges: 0, exceptions: 0, totals: [] });
    expect(again.id).not.toBe(run.id);
    const [event] = await service.rows<{ payload: object }>(
      'select payload from outbox where aggregateid = $1',
      [run.id],
    );
    expect(event!.payload).toMatchObject({
      period: '2026-03',
      charges: 2,
      total: { amount: '268.15', currency: 'CNY' },
    });
  });

  it('BIL-02 a price that changes inside the period splits the line by days, and the line tells so', async () => {
    const place = await words.unit({ use: 'retail' });
    await words.occupancy(place, 'owner', '2020-01-01');
    const item = await words.item('shop-fee', { uses: ['retail'] });
    await words.price(item, { method: 'fixed', price: '31' });
    await words.price(item, { method: 'fixed', price: '62' }, { validFrom: '2026-03-11' });
    await words.run('2026-03', { items: ['shop-fee'] });
    const [charge] = await words.charges('shop-fee');
    // 31 × 10/31 + 62 × 21/31
    expect(charge!.amount).toBe('5200');
    expect(charge!.explanation).toMatchObject({
      exact: '52',
      rounding: '0',
      parts: [
        { from: '2026-03-01', to: '2026-03-10', days: 10, how: 'time' },
        { from: '2026-03-11', to: '2026-03-31', days: 21 },
      ],
    });
  });

  it('BIL-01 without a published price or without a payer nothing is charged, and the list says why', async () => {
    const [owned, empty] = [await words.unit({ use: 'storage' }), await words.unit({ use: 'storage' })];
    await words.occupancy(owned, 'owner', '2026-03-06');
    const item = await words.item('storage-fee', { uses: ['storage'] });
    await words.draft(item, { method: 'fixed', price: '10' });
    const without = await words.run('2026-03', { items: ['storage-fee'] });
    expect(without).toMatchObject({ state: 'done', charges: 0, exceptions: 3 });
    expect(reasons(await words.exceptions(without)).sort()).toEqual([
      'billing.payer-missing 2026-03-01 2026-03-05',
      'billing.payer-missing 2026-03-01 2026-03-31',
      'billing.tariff-missing 2026-03-06 2026-03-31',
    ]);
    await words.price(item, { method: 'fixed', price: '10' });
    await words.occupancy(empty, 'developer', '2020-01-01');
    expect(await words.run('2026-03', { items: ['storage-fee'] })).toMatchObject({
      charges: 2,
      exceptions: 1,
    });
    // the days that nobody had are charged when somebody turns out to have had them
    await words.occupancy(owned, 'developer', '2020-01-01', '2026-03-05');
    expect(await words.run('2026-03', { items: ['storage-fee'] })).toMatchObject({
      charges: 1,
      exceptions: 0,
    });
  });
});

describe('BIL-06 metered items', () => {
  it('charge what readings of the period measured, with the readings on the line', async () => {
    const place = await words.unit();
    await words.occupancy(place, 'owner', '2020-01-01');
    const meter = await words.meter(place, {
      medium: 'hot-water',
      installedOn: '2026-02-10',
      openingReading: '5',
    });
    const item = await words.item('hot-water', { kind: 'metered', medium: 'hot-water' });
    await words.price(item, { method: 'per-meter-unit', price: '3.45' });
    made(await words.read(meter, '2026-03-10', '11.4'));
    made(await words.read(meter, '2026-04-01', '20'));
    expect(await words.run('2026-02', { items: ['hot-water'] })).toMatchObject({ charges: 0, exceptions: 0 });
    expect(await words.run('2026-03', { items: ['hot-water'] })).toMatchObject({ charges: 2, exceptions: 0 });
    const charges = await words.charges('hot-water');
    expect(charges.map(({ from, to, amount }) => `${from} ${to} ${amount}`)).toEqual([
      '2026-02-10 2026-03-09 2208',
      '2026-03-10 2026-03-31 2967',
    ]);
    expect(charges[0]).toMatchObject({
      meter,
      explanation: {
        readings: { from: { day: '2026-02-10', value: '5' }, to: { value: '11.4' }, used: '6.4' },
        parts: [{ steps: [{ quantity: '6.4', price: '3.45', amount: '22.08' }] }],
      },
    });
    const silent = await words.run('2026-04', { items: ['hot-water'] });
    expect(reasons(await words.exceptions(silent))).toEqual([
      'billing.reading-missing 2026-04-01 2026-04-30',
    ]);
  });

  it('BIL-02 a change of price and of owner splits by a reading of that day, else by days', async () => {
    const place = await words.unit();
    const seller = await words.occupancy(place, 'owner', '2020-01-01', '2026-03-20');
    const buyer = await words.occupancy(place, 'owner', '2026-03-21');
    const meter = await words.meter(place, { medium: 'gas', installedOn: '2026-03-01' });
    const item = await words.item('gas', { kind: 'metered', medium: 'gas' });
    await words.price(item, { method: 'per-meter-unit', price: '1' });
    await words.price(item, { method: 'per-meter-unit', price: '2' }, { validFrom: '2026-03-11' });
    made(await words.read(meter, '2026-03-11', '4', { kind: 'tariff-change' }));
    made(await words.read(meter, '2026-03-31', '24'));
    await words.run('2026-03', { items: ['gas'] });
    // 4 × 1 to the reading, then 20 over 20 days: 10 × 2 for each
    expect((await words.charges('gas')).map(brief)).toEqual([
      `${seller} 2026-03-01 2026-03-20 2400`,
      `${buyer} 2026-03-21 2026-03-30 2000`,
    ]);
  });

  it('a held reading waits; an estimate is billed and corrected by the next actual one', async () => {
    const place = await words.unit();
    await words.occupancy(place, 'owner', '2020-01-01');
    const meter = await words.meter(place, { medium: 'heat', installedOn: '2026-01-01' });
    const item = await words.item('heat', { kind: 'metered', medium: 'heat' });
    await words.price(item, { method: 'per-meter-unit', price: '1' });
    for (const [day, value] of [
      ['2026-01-11', '10'],
      ['2026-01-21', '20'],
      ['2026-02-01', '31'],
    ])
      made(await words.read(meter, day!, value));
    made(await words.read(meter, '2026-03-01', undefined, { estimated: true }));
    await words.run('2026-02', { items: ['heat'] });
    made(await words.read(meter, '2026-04-01', '70'));
    await words.run('2026-03', { items: ['heat'] });
    const amounts = (await words.charges('heat')).map(({ from, amount }) => `${from} ${amount}`);
    // 28 days of 1 a day were expected: 59; the actual 70 leaves 11
    expect(amounts).toEqual(['2026-02-01 2800', '2026-03-01 1100']);
    made(await words.read(meter, '2026-05-01', '500'));
    const held = await words.run('2026-04', { items: ['heat'] });
    expect(reasons(await words.exceptions(held))).toEqual(['billing.reading-held 2026-04-01 2026-04-30']);
  });
});

describe('BIL-16 common costs', () => {
  it('are shared by area to the last fen, fixed when entered, and charged once', async () => {
    const places = [];
    for (const area of ['100', '100', '100'])
      places.push(await words.unit({ use: 'parking', area }, 'EB1-S2'));
    for (const place of places) await words.occupancy(place, 'owner', '2020-01-01');
    const item = await words.item('stair-light', { kind: 'shared', uses: ['parking'] });
    const cost = made(
      await service.post('/api/v1/shared-costs', 'eb1.accountant', {
        siteId: service.group.id('EB1-S2'),
        feeItemId: item.id,
        from: '2026-03-01',
        to: '2026-03-31',
        amount: { amount: '100.00', currency: 'CNY' },
        rule: 'area',
        document: '电费 2026-03',
      }),
    );
    expect(cost).toMatchObject({ shares: 3, amount: { amount: '100.00' } });
    const { body } = await service.get(`/api/v1/shared-costs/${cost.id}/shares`, 'eb1.accountant');
    expect((body['items'] as Line[]).map(({ amount }) => amount.amount).sort()).toEqual([
      '33.33',
      '33.33',
      '33.34',
    ]);
    await words.unit({ use: 'parking', area: '500' }, 'EB1-S2');
    expect(await words.run('2026-03', { items: ['stair-light'] })).toMatchObject({
      charges: 3,
      totals: [{ amount: '100.00', currency: 'CNY' }],
    });
    expect(await words.run('2026-03', { items: ['stair-light'] })).toMatchObject({
      charges: 0,
      exceptions: 0,
    });
  });
});

describe('BIL-04 whatever is repeated', () => {
  it('a double click starts one run, and two wishes that overlap charge once', async () => {
    for (let left = 3; left > 0; left -= 1)
      await words.occupancy(await words.unit({ use: 'other' }), 'owner', '2020-01-01');
    const item = await words.item('twice', { uses: ['other'] });
    await words.price(item, { method: 'fixed', price: '10' });
    const body = { branchId: service.group.id('EB1'), period: '2026-03', items: ['twice'] };
    const start = (more: object) =>
      service.post('/api/v1/billing-runs', 'eb1.accountant', { ...body, ...more });
    const answers = await Promise.all([start({}), start({}), start({ items: ['twice', 'office-fee'] })]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    for (const answer of answers) await words.ends(made(answer).id);
    expect(await words.charges('twice')).toHaveLength(3);
  });

  it('a dry run shows the same lines and charges nothing; ten restarts change no byte', async () => {
    const places = [];
    for (let left = 12; left > 0; left -= 1) {
      places.push(await words.unit({ use: 'common' }));
      await words.occupancy(places.at(-1)!, 'owner', '2020-01-01');
    }
    const codes = Array.from({ length: 12 }, (_, index) => `many-${String(index).padStart(2, '0')}`);
    for (const [index, code] of codes.entries())
      await words.price(await words.item(code, { uses: ['common'] }), {
        method: 'fixed',
        price: `${index}.37`,
      });
    const dry = await words.run('2026-04', { items: codes, dryRun: true });
    expect(dry).toMatchObject({ state: 'done', charges: 144 });
    const { body } = await service.get(`/api/v1/billing-runs/${dry.id}/lines?limit=200`, 'eb1.accountant');
    const wanted = body['items'] as Line[];
    for (const code of codes) expect(await words.charges(code)).toEqual([]);

    const request = { branchId: service.group.id('EB1'), period: '2026-04', items: codes };
    const run = made(await service.post('/api/v1/billing-runs', 'eb1.accountant', request));
    for (let times = 0; times < 10; times += 1) await service.restart();
    expect(await words.ends(run.id)).toMatchObject({ state: 'done', charges: 144, totals: dry['totals'] });
    const charged = (await Promise.all(codes.map((code) => words.charges(code)))).flat();
    const inFen = ({ amount }: Line) => String(Number(amount.amount.replace('.', '')));
    const shape = (...parts: readonly unknown[]) => JSON.stringify(parts);
    const lines = wanted.map((line) =>
      shape(
        line.propertyUnitId,
        line.feeItemCode,
        line.serviceFrom,
        line.serviceTo,
        inFen(line),
        line.explanation,
      ),
    );
    const rows = charged.map(({ unit, item, from, to, amount, explanation }) =>
      shape(unit, item, from, to, amount, explanation),
    );
    expect(rows.sort()).toEqual(lines.sort());
    const booked = await service.rows<{ d: string; r: Date }>(
      'select distinct booked_on::text d, raised_at r from charge where run_id = $1',
      [run.id],
    );
    expect(booked).toHaveLength(1);
    expect(booked[0]!.d).toBe(toLocalDate(new Date(run['requestedAt'] as string), 'Asia/Shanghai'));
  }, 180_000);

  it('a run is cancelled between two parts; ORG-01 others neither see nor start one', async () => {
    const body = { branchId: service.group.id('EB1'), period: '2026-03', items: ['nothing'] };
    expect((await service.post('/api/v1/billing-runs', 'eb1.accountant', body)).body['code']).toBe(
      'billing-run.item-unknown',
    );
    const run = await words.run('2026-03', { items: ['office-fee'] });
    const path = `/api/v1/billing-runs/${run.id}`;
    expect((await service.get(path, 'eb2.accountant')).status).toBe(404);
    expect((await service.get(`${path}/exceptions`, 'eb2.accountant')).status).toBe(404);
    expect(
      (await service.post('/api/v1/billing-runs', 'eb2.accountant', { ...body, items: null })).status,
    ).toBe(404);
    const cancel = await service.post(
      `${path}/cancellation`,
      'eb1.accountant',
      { reason: 'x' },
      { match: run.version },
    );
    expect(cancel.body['code']).toBe('billing-run.ended');
  });

  it('BIL-03 the books balance after all of it', async () => {
    const sum = Object.values(await service.books()).reduce((total, minor) => total + BigInt(minor), 0n);
    expect(sum).toBe(0n);
  });
});
