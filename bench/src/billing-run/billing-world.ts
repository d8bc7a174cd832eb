import * as billing from '@steward/service-billing';
import { metered } from '../frame/meter.js';
import { MemoryWatch, type MemoryUse } from '../frame/memory.js';
import type { Side } from '../frame/rounds.js';
import type { Stand } from '../frame/stand.js';
import { benchGroup, branchCode } from '../tickets/bench-group.js';
import { holdBackground } from '../tickets/hold-background.js';
import { ServiceWorld, type Started } from '../world/service-world.js';
import { fillSource, sampledStatements } from './raw-billing.js';

const ACCOUNTANT = 'bench.accountant';
const PERIOD = '2026-03';
const LOOK_MS = 50;
/** Fee items that every unit is charged for. */
export const ITEMS = 4;
const SAMPLE_UNITS = 20;
const TABLES =
  'charge, charge_to_invoice, journal_entry, posting, invoice, outbox, audit, audit_personal, billing_run, billing_exception, billing_run_line';

type Run = Readonly<{ id: string; state: string; charges: number; exceptions: number; error: string | null }>;

/** The billing service with one large branch, and a database for the baseline with the same units and accounts. */
export class BillingWorld {
  readonly memory: MemoryUse[] = [];
  /** Lines per second of the run alone, without the invoices. */
  readonly runAlone: number[] = [];

  private constructor(
    private readonly world: ServiceWorld,
    private readonly service: Started,
    private readonly baseline: string,
    private readonly statements: readonly string[],
    private readonly lines: number,
  ) {}

  static async start(stand: Stand, units: number): Promise<BillingWorld> {
    const world = await ServiceWorld.start(stand, billing, {
      group: (kafka) => benchGroup(kafka).employee(ACCOUNTANT, `accountant@${branchCode(0)}`),
    });
    const first = await world.process();
    await priceItems(world, first);
    // a first month of a few units shows what the baseline has to write
    await loadUnits(world, 1, SAMPLE_UNITS);
    await new BillingWorld(world, first, '', [], SAMPLE_UNITS * ITEMS).month();
    await first.process.stop();
    await loadUnits(world, SAMPLE_UNITS + 1, units);
    await openAccounts(world);
    const lines = units * ITEMS;
    const baseline = await world.copy('raw');
    await fillSource(world, baseline, ITEMS);
    const statements = await sampledStatements(world, baseline);
    return new BillingWorld(world, await world.process(), baseline, statements, lines);
  }

  /** A month of the branch: the run to its end, then the invoices of the period; relay and sealer wait meanwhile. */
  ours(): Side {
    return async (kind) => {
      await this.empty(this.world.database.name);
      const letGo = await holdBackground(this.world.adminUrl());
      const watch = MemoryWatch.start(this.service.process);
      const burst = await metered(this.world.stand, { server: this.service.process }, async () => {
        const began = performance.now();
        const ran = await this.month();
        if (kind === 'measured') this.runAlone.push(this.lines / ran);
        return { operations: this.lines, seconds: (performance.now() - began) / 1000 };
      });
      const use = await watch.stop();
      if (kind === 'measured') this.memory.push(use);
      await this.check(this.world.database.name);
      await this.empty(this.world.database.name);
      await letGo();
      return burst;
    };
  }

  /** The same rows by one INSERT … SELECT per table, in one transaction. */
  raw(): Side {
    return async () => {
      await this.empty(this.baseline);
      const script = ['begin', ...this.statements, 'commit'].join(';\n');
      const burst = await metered(this.world.stand, {}, async () => {
        const began = performance.now();
        await this.world.rows(script, this.baseline);
        return { operations: this.lines, seconds: (performance.now() - began) / 1000 };
      });
      await this.check(this.baseline);
      return burst;
    };
  }

  /** Gives the seconds of the run alone. */
  private async month(): Promise<number> {
    const { world, service } = this;
    const branchId = world.group.id(branchCode(0));
    const began = performance.now();
    const wish = { branchId, period: PERIOD };
    let run = await world.call<Run>(service, 'POST', '/api/v1/billing-runs', ACCOUNTANT, wish);
    while (run.state === 'waiting' || run.state === 'running') {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      run = await world.call<Run>(service, 'GET', `/api/v1/billing-runs/${run.id}`, ACCOUNTANT);
    }
    if (run.charges !== this.lines) throw new Error(`the run ended so: ${JSON.stringify(run)}`);
    const ran = (performance.now() - began) / 1000;
    for (let done = false; !done;)
      ({ done } = await world.call<{ done: boolean }>(
        service,
        'POST',
        '/api/v1/invoices/periods',
        ACCOUNTANT,
        wish,
      ));
    return ran;
  }

  private async check(database: string): Promise<void> {
    const [row] = await this.world.rows<{ charges: string; postings: string; facts: string }>(
      `select (select count(*) from charge where invoice_id is not null) charges, (select count(*) from posting) postings,
         (select count(*) from outbox where type like '%charge-raised%') facts`,
      database,
    );
    const { charges, postings, facts } = row!;
    if (Number(charges) !== this.lines || Number(postings) !== 2 * this.lines || Number(facts) !== this.lines)
      throw new Error(`${database} holds ${charges} charges, ${postings} postings, ${facts} facts`);
  }

  private async empty(database: string): Promise<void> {
    const sql = `set session_replication_role = replica; truncate ${TABLES} cascade`;
    await this.world.rows(sql, database);
    await this.world.rows('checkpoint', database);
  }
}

/** The accounts that a branch has after its first month; both sides find them. */
async function openAccounts(world: ServiceWorld): Promise<void> {
  await world.rows(
    `insert into billing_account (id, branch_id, site_id, customer_id, property_unit_id, payer_id, opened_on, version)
     select uuidv7(), u.branch_id, u.site_id, o.customer_id, u.id, o.customer_id, '2026-01-01', 1
     from property_unit u join occupancy o on o.property_unit_id = u.id
     where not exists (select from billing_account a where a.property_unit_id = u.id) order by u.id;
     analyze billing_account`,
  );
}

/** Units of one branch, each with its owner, as the copies of premises' facts hold them. */
async function loadUnits(world: ServiceWorld, from: number, to: number): Promise<void> {
  const branch = `'${world.group.id(branchCode(0))}'::uuid`;
  await world.rows(
    `insert into property_unit (id, branch_id, site_id, building_id, code, use, area, active)
     select gen_random_uuid(), ${branch}, md5('site' || n % 20)::uuid, md5('building' || n % 500)::uuid,
       n || '#1-1-1', 'residential', 60 + n % 90 + 0.5, true from generate_series(${from}, ${to}) n;
     insert into occupancy (id, branch_id, property_unit_id, customer_id, role, from_day)
     select gen_random_uuid(), branch_id, id, gen_random_uuid(), 'owner', '2020-01-01' from property_unit u
     where not exists (select from occupancy o where o.property_unit_id = u.id);
     analyze property_unit, occupancy`,
  );
}

async function priceItems(world: ServiceWorld, service: Started): Promise<void> {
  const branchId = world.group.id(branchCode(0));
  const post = <T>(path: string, body: object): Promise<T> =>
    world.call<T>(service, 'POST', path, ACCOUNTANT, body);
  for (let n = 1; n <= ITEMS; n += 1) {
    const item = await post<{ id: string }>('/api/v1/fee-items', {
      ...{ branchId, code: `fee-${n}`, name: `Fee ${n}`, kind: 'recurring' },
    });
    const terms = { currency: 'CNY', per: 'month', method: 'per-area', price: `${n}.37` };
    const tariff = { feeItemId: item.id, validFrom: '2026-01-01', document: 'No. 12 of 2025', terms };
    const { id } = await post<{ id: string }>('/api/v1/tariffs', tariff);
    await post(`/api/v1/tariffs/${id}/publication`, {});
  }
}
