import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addQuantity, formatQuantity, multiplyMoney, parseQuantity } from '@steward/kernel';
import { eventually } from '@steward/testing';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BillingUnderTest } from './billing.harness.js';
import { made, RatingWords, type ChargeRow, type Made, type Place, type Step } from './rating.harness.js';

const SERIES = join(
  import.meta.dirname,
  '../../../../shared/data/meters-sgsc-halfhourly/sgsc_halfhourly_5homes_2013_01_02.csv',
);
const BANDS = [
  { band: 'peak', from: '14:00', to: '20:00', weekdays: [1, 2, 3, 4, 5] },
  { band: 'night', from: '22:00', to: '24:00' },
  { band: 'night', from: '00:00', to: '07:00' },
];
const PRICES = { peak: '0.50', night: '0.10', other: '0.20' };
const TERMS = {
  method: 'time-of-use',
  spans: BANDS,
  bands: Object.entries(PRICES).map(([band, price]) => ({ band, price })),
  currency: 'AUD',
};

let service: BillingUnderTest;
let words: RatingWords;
beforeAll(async () => {
  service = await BillingUnderTest.start({ timeZone: 'Australia/Sydney' });
  words = new RatingWords(service);
}, 60_000);
afterAll(() => service?.stop());

/** Imports lines `serial,start,quantity` with local times (or instants) and gives the job at its end. */
async function importSeries(text: string): Promise<Made> {
  const form = new FormData();
  const mapping = {
    source: 'spec',
    branch: { default: 'EB1' },
    fields: {
      serial: { column: 'customer_id' },
      start: {
        column: 'reading_datetime',
        date: { zone: 'Australia/Sydney', formats: ['yyyy-MM-dd HH:mm:ss'] },
      },
      quantity: { column: 'general_supply_kwh' },
    },
  };
  form.set('mapping', JSON.stringify(mapping));
  form.set('file', new Blob([text], { type: 'text/csv' }), 'series.csv');
  const job = made(await service.post('/api/v1/imports?kind=interval-readings', 'eb1.accountant', form));
  return eventually(
    async () => {
      const at = made(await service.get(`/api/v1/imports/${job.id}`, 'eb1.accountant'));
      return ['done', 'failed'].includes(at['state'] as string) ? at : undefined;
    },
    { timeoutMs: 120_000 },
  );
}

const HEADER = 'customer_id,reading_datetime,general_supply_kwh\n';

async function intervalMeter(serial: string, medium: string): Promise<Place & { meter: string }> {
  const place = await words.unit();
  await words.occupancy(place, 'owner', '2010-01-01');
  const meter = await words.meter(place, { serial, medium, measure: 'kwh', installedOn: '2013-01-01' });
  return { ...place, meter };
}

const stepsOf = ({ explanation }: ChargeRow): Step[] => explanation.parts.flatMap(({ steps }) => steps);

const sumOf = (steps: readonly Step[], band?: string): string =>
  formatQuantity(
    steps
      .filter(({ label }) => band === undefined || label === band)
      .reduce((sum, { quantity }) => addQuantity(sum, quantity), parseQuantity(0)),
  );

describe('BIL-02 interval meters', () => {
  /** Every half hour of local days as instants, with one unit each. */
  const halfHours = (serial: string, from: string, to: string): string[] => {
    const rows: string[] = [];
    for (let at = Date.parse(from); at < Date.parse(to); at += 1_800_000)
      rows.push(`${serial},${new Date(at).toISOString()},1`);
    return rows;
  };
  const used = async (item: string) => {
    const [charge] = await words.charges(item);
    return sumOf(stepsOf(charge!));
  };

  it('the day on which clocks go back has 50 half hours, the one on which they go forward 46', async () => {
    await intervalMeter('C-1', 'electricity');
    await words.price(await words.item('tou', { kind: 'interval', medium: 'electricity' }), TERMS, {
      validFrom: '2013-01-01',
    });
    // April and October 2013 in Sydney: 30 days and an hour more, 31 days and an hour less
    const rows = [
      ...halfHours('C-1', '2013-03-31T13:00:00Z', '2013-04-30T14:00:00Z'),
      ...halfHours('C-1', '2013-09-30T14:00:00Z', '2013-10-31T13:00:00Z'),
    ];
    expect((await importSeries(HEADER + rows.join('\n')))['rows']).toMatchObject({
      created: 30 * 48 + 2 + 31 * 48 - 2,
      rejected: 0,
    });
    for (const period of ['2013-04', '2013-10'])
      expect(await words.run(period, { items: ['tou'] })).toMatchObject({ charges: 1, exceptions: 0 });
    const [april, october] = await words.charges('tou');
    expect([sumOf(stepsOf(april!)), sumOf(stepsOf(october!))]).toEqual(['1442', '1486']);
    // both changes happen at night, 14 half hours long plus 4 from 22:00
    expect([sumOf(stepsOf(april!), 'night'), sumOf(stepsOf(october!), 'night')]).toEqual(['542', '556']);
  });

  it('doubled intervals count once, contradicting ones are refused, missing ones hold the charge back', async () => {
    await intervalMeter('D-1', 'cooling');
    await words.price(
      await words.item('tou-2', { kind: 'interval', medium: 'cooling' }),
      { ...TERMS },
      { validFrom: '2013-01-01' },
    );
    const all = halfHours('D-1', '2013-04-30T14:00:00Z', '2013-05-31T14:00:00Z');
    const [first, ...rest] = all;
    const doubled = [...rest.slice(0, -3), rest[0]!, `${rest[1]!.slice(0, -1)}2`];
    expect((await importSeries(HEADER + [first, ...doubled].join('\n')))['rows']).toMatchObject({
      created: all.length - 3,
      unchanged: 1,
      rejected: 1,
    });
    const waiting = await words.run('2013-05', { items: ['tou-2'] });
    expect(waiting).toMatchObject({ charges: 0, exceptions: 1 });
    expect((await words.exceptions(waiting))[0]).toMatchObject({
      code: 'billing.intervals-missing',
      detail: '3 intervals are missing.',
    });
    await importSeries(HEADER + rest.slice(-3).join('\n'));
    expect(await words.run('2013-05', { items: ['tou-2'] })).toMatchObject({ charges: 1, exceptions: 0 });
    expect(await used('tou-2')).toBe(String(all.length));
  });

  const real = existsSync(SERIES) ? it : it.skip;
  real(
    `real homes (${existsSync(SERIES) ? 'found' : 'skipped: ../shared/data is not here'}): bands add up to the plain sum, and every missing half hour is found`,
    async () => {
      const text = readFileSync(SERIES, 'utf8');
      const rows = text
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .map((line) => line.split(',') as [string, string, string]);
      const homes = Map.groupBy(rows, ([home]) => home);
      const places = new Map<string, Place & { meter: string }>();
      for (const home of homes.keys()) places.set(home, await intervalMeter(home, 'heat'));
      await words.price(await words.item('homes', { kind: 'interval', medium: 'heat' }), TERMS, {
        validFrom: '2013-01-01',
      });
      expect((await importSeries(text))['rows']).toMatchObject({ created: rows.length, rejected: 0 });
      let missing = 0;
      for (const period of ['2013-01', '2013-02']) {
        const run = await words.run(period, { items: ['homes'], acceptGaps: true });
        expect(run).toMatchObject({ state: 'done', charges: homes.size });
        for (const { detail } of await words.exceptions(run)) missing += Number.parseInt(detail, 10);
      }
      expect(missing).toBe(homes.size * 59 * 48 - rows.length);
      for (const [home, list] of homes) {
        const charges = await words.charges('homes', places.get(home)!.unit);
        const plain = list.reduce((sum, [, , kwh]) => addQuantity(sum, kwh), parseQuantity(0));
        const steps = charges.flatMap(stepsOf);
        expect([home, sumOf(steps)]).toEqual([home, formatQuantity(plain)]);
        for (const charge of charges) {
          const amounts = stepsOf(charge).map(({ amount }) => amount);
          const exact = amounts.reduce((sum, amount) => addQuantity(sum, amount), parseQuantity(0));
          expect(charge.explanation.exact).toBe(formatQuantity(exact));
          expect(charge.amount).toBe(String(multiplyMoney({ minor: 100n, currency: 'AUD' }, exact).minor));
        }
      }
    },
    120_000,
  );
});
