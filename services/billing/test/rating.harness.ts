import { MeterInstalled, OccupancyBegan, OccupancyEnded, PropertyUnitRegistered } from '@steward/contracts';
import type { Answer, Json } from '@steward/directory/testing';
import { newId } from '@steward/kernel';
import { eventually } from '@steward/testing';
import type { BillingUnderTest } from './billing.harness.js';

/** A record as an answer gives it. */
export type Made = Readonly<{ id: string; branchId: string; version: number } & Record<string, unknown>>;
export type Place = Readonly<{ unit: string; site: string; branch: string }>;
export type Step = Readonly<{ label: string; quantity: string; price: string; amount: string }>;
export type Explanation = Readonly<{ exact: string; parts: readonly Readonly<{ steps: readonly Step[] }>[] }>;
export type Exception = Readonly<{ code: string; detail: string; serviceFrom: string; serviceTo: string }>;
export type ChargeRow = Readonly<{
  id: string;
  customer: string;
  unit: string;
  meter: string | null;
  item: string;
  from: string;
  to: string;
  amount: string;
  explanation: Explanation;
}>;

/** Words of rating: units, meters, prices, runs. */
export class RatingWords {
  private doors = 0;

  constructor(readonly service: BillingUnderTest) {}

  /** A unit of which the register told; known here when this ends. */
  async unit(changes: Json = {}, site = 'EB1-S1', branch = 'EB1'): Promise<Place> {
    const id = newId();
    this.doors += 1;
    await this.service.tell(PropertyUnitRegistered, id, branch, {
      propertyUnitId: id,
      buildingId: newId(),
      siteId: this.service.group.id(site),
      code: `180#1-1-${this.doors}`,
      use: 'residential',
      area: '86.50',
      active: true,
      ...changes,
    });
    await this.known('property_unit', id);
    return { unit: id, site, branch };
  }

  async occupancy(
    { unit, branch }: Place,
    role: 'developer' | 'owner' | 'tenant',
    from: string,
    to: string | null = null,
  ): Promise<string> {
    const [id, customerId] = [newId(), newId()];
    const data = { occupancyId: id, propertyUnitId: unit, customerId, role, from, to };
    await this.service.tell(OccupancyBegan, unit, branch, data);
    await this.known('occupancy', id);
    return customerId;
  }

  /** Ends the only occupancy of a customer. */
  async ended({ unit, branch }: Place, customerId: string, to: string): Promise<void> {
    const [row] = await this.service.rows<{
      id: string;
      role: 'developer' | 'owner' | 'tenant';
      from: string;
    }>('select id, role, from_day::text "from" from occupancy where customer_id = $1', [customerId]);
    const { id, role, from } = row!;
    const data = { occupancyId: id, propertyUnitId: unit, customerId, role, from, to };
    await this.service.tell(OccupancyEnded, unit, branch, data);
    await eventually(async () => {
      const rows = await this.service.rows('select 1 from occupancy where id = $1 and to_day = $2', [id, to]);
      return rows.length > 0;
    });
  }

  async meter({ unit, site, branch }: Place, changes: Json = {}): Promise<string> {
    const id = newId();
    await this.service.tell(MeterInstalled, id, branch, {
      meterId: id,
      siteId: this.service.group.id(site),
      buildingId: null,
      propertyUnitId: unit,
      serial: `W-${id.slice(-8)}`,
      medium: 'water',
      measure: 'm3',
      multiplier: '1',
      digits: null,
      installedOn: '2026-01-01',
      openingReading: '0',
      replacesMeterId: null,
      ...changes,
    });
    await this.known('meter', id);
    return id;
  }

  async item(code: string, changes: Json = {}, branch = 'EB1', as = 'eb1.accountant'): Promise<Made> {
    const body = {
      branchId: this.service.group.id(branch),
      code,
      name: `项目 ${code}`,
      kind: 'recurring',
      ...changes,
    };
    return made(await this.service.post('/api/v1/fee-items', as, body));
  }

  async draft(item: Made, terms: Json, changes: Json = {}, as = 'eb1.accountant'): Promise<Made> {
    const body = {
      feeItemId: item.id,
      validFrom: '2026-01-01',
      document: '沪价费〔2025〕12号',
      terms: { currency: 'CNY', per: 'month', ...terms },
      ...changes,
    };
    return made(await this.service.post('/api/v1/tariffs', as, body));
  }

  async price(item: Made, terms: Json, changes: Json = {}, as = 'eb1.accountant'): Promise<Made> {
    const draft = await this.draft(item, terms, changes, as);
    return made(await this.service.post(`/api/v1/tariffs/${draft.id}/publication`, as, {}, { match: 0 }));
  }

  async read(meterId: string, day: string, value: string | undefined, changes: Json = {}): Promise<Answer> {
    const body = { meterId, day, ...(value === undefined ? {} : { value }), source: 'manual', ...changes };
    return this.service.post('/api/v1/readings', 'eb1.accountant', body);
  }

  /** Starts a run and waits for its end. */
  async run(period: string, changes: Json = {}, branch = 'EB1', as = 'eb1.accountant'): Promise<Made> {
    const body = { branchId: this.service.group.id(branch), period, ...changes };
    const run = made(await this.service.post('/api/v1/billing-runs', as, body));
    return this.ends(run.id, as);
  }

  async ends(id: string, as = 'eb1.accountant'): Promise<Made> {
    return eventually(async () => {
      const run = made(await this.service.get(`/api/v1/billing-runs/${id}`, as));
      return ['done', 'failed', 'cancelled'].includes(run['state'] as string) ? run : undefined;
    });
  }

  async exceptions(run: Made, as = 'eb1.accountant'): Promise<Exception[]> {
    const { body } = await this.service.get(`/api/v1/billing-runs/${run.id}/exceptions?limit=200`, as);
    return body['items'] as Exception[];
  }

  /** Live charges of an item, in a fixed order. */
  async charges(item: string, unit?: string): Promise<ChargeRow[]> {
    return this.service.rows<ChargeRow>(
      `select id, customer_id customer, property_unit_id unit, meter_id meter, fee_item_code item, service_from::text "from",
         service_to::text "to", amount_minor::text amount, explanation
       from charge where fee_item_code = $1 and ($2::uuid is null or property_unit_id = $2) and reversed_on is null
       order by property_unit_id, meter_id, service_from`,
      [item, unit ?? null],
    );
  }

  private async known(table: string, id: string): Promise<void> {
    await eventually(
      async () => (await this.service.rows(`select 1 from ${table} where id = $1`, [id])).length > 0,
    );
  }
}

/** The body of an answer that went well. */
export function made(answer: Answer): Made {
  if (answer.status >= 300) throw new Error(`answered ${answer.status} ${answer.text}`);
  return answer.body as Made;
}
