import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@steward/testing';
import pg from 'pg';
import { BillingUnderTest } from './billing.harness.js';
import { made, RatingWords } from './rating.harness.js';

/** A part is 500 units. */
const [UNITS, PART] = [1100, 500];
const PERIOD = '2026-03';
const unitId = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
/** A unit of the second part. */
const LATER = unitId(700);

let service: BillingUnderTest;
let words: RatingWords;
beforeAll(async () => {
  service = await BillingUnderTest.start();
  words = new RatingWords(service);
  const [branch, site] = [service.group.id('EB1'), service.group.id('EB1-S1')];
  const ids = Array.from({ length: UNITS }, (_, n) => unitId(n));
  await service.rows(
    `insert into property_unit (id, branch_id, site_id, building_id, code, use, area, active)
     select id, $2, $3, gen_random_uuid(), n || '#1-1-1', 'residential', 80, true
     from unnest($1::uuid[]) with ordinality u (id, n)`,
    [ids, branch, site],
  );
  await service.rows(
    `insert into occupancy (id, branch_id, property_unit_id, customer_id, role, from_day)
     select gen_random_uuid(), branch_id, id, gen_random_uuid(), 'owner', '2020-01-01' from property_unit`,
  );
}, 60_000);
afterAll(() => service?.stop());

async function priced(code: string): Promise<void> {
  await words.price(await words.item(code), { method: 'fixed', price: '2.50' });
}

const charged = async (item: string): Promise<number> => (await words.charges(item)).length;

describe('BIL-04 a run of several parts', () => {
  it('charges every unit of every item once, while one part is computed as the other is written', async () => {
    for (const code of ['first', 'second']) await priced(code);
    const run = await words.run(PERIOD, { items: ['first', 'second'] });
    expect(run).toMatchObject({
      state: 'done',
      charges: 2 * UNITS,
      exceptions: 0,
      progress: { items: 2, itemsDone: 2, lookedAt: 2 * UNITS },
      totals: [{ amount: '5500.00', currency: 'CNY' }],
    });
    expect([await charged('first'), await charged('second')]).toEqual([UNITS, UNITS]);
  });

  it('fails at the part that cannot be written: what is before it stands, nothing after it does', async () => {
    await priced('broken');
    await service.rows(
      `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$;
       create trigger refuse before insert on charge for each row
         when (new.property_unit_id = '${LATER}' and new.fee_item_code = 'broken') execute function refuse()`,
    );
    const failed = await words.run(PERIOD, { items: ['broken'] });
    expect(failed).toMatchObject({ state: 'failed', error: 'no room', charges: PART });
    expect(await charged('broken')).toBe(PART);
    await service.rows('drop trigger refuse on charge');
    const again = await words.run(PERIOD, { items: ['broken'] });
    expect(again).toMatchObject({ state: 'done', charges: UNITS - PART });
  });

  it('is cancelled while a part waits for an account: that part and the one begun after it are taken back', async () => {
    await priced('stopped');
    const clerk = new pg.Client({ connectionString: service.database.adminUrl });
    await clerk.connect();
    try {
      await clerk.query('begin');
      await clerk.query('select from billing_account where property_unit_id = $1 for update', [LATER]);
      const body = { branchId: service.group.id('EB1'), period: PERIOD, items: ['stopped'] };
      const path = `/api/v1/billing-runs/${made(await service.post('/api/v1/billing-runs', 'eb1.accountant', body)).id}`;
      const run = await eventually(async () => {
        const seen = made(await service.get(path, 'eb1.accountant'));
        return seen['charges'] === PART ? seen : undefined;
      });
      const reason = { reason: '选错了项目' };
      const match = { match: run.version };
      made(await service.post(`${path}/cancellation`, 'eb1.accountant', reason, match));
      await clerk.query('rollback');
    } finally {
      await clerk.end();
    }
    await priced('next');
    expect(await words.run(PERIOD, { items: ['next'] })).toMatchObject({ state: 'done', charges: UNITS });
    expect(await charged('stopped')).toBe(PART);
  });
});
