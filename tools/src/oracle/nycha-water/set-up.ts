import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiError } from '../../demo/api-client.js';
import type { GatewayClient } from '../gateway-client.js';
import type { Chain } from './chains.js';
import type { Rates } from './rates.js';
import { importRows, type Cells } from '../import-rows.js';

/** Under which the rows of this oracle are known. */
export const SOURCE = 'nycha-water';

type Named = Readonly<{ id: string; code: string }>;
type Customer = Readonly<{ id: string; name: string | null }>;
type Tariff = Readonly<{ id: string; validFrom: string; state: string; version: number }>;
type Say = (line: string) => void;

/** Where the bills of one folder and one file of rates live on the platform. */
export type Place = Readonly<{ branchId: string; branch: string; siteId: string; feeItemId: string }>;

/** Makes a branch of its own for these contents, with its site, fee item and prices; what is there is left alone. */
export async function makePlace(
  api: GatewayClient,
  contents: readonly string[],
  rates: Rates,
): Promise<Place> {
  const hash = createHash('sha256');
  for (const text of contents) hash.update(text).update('\n');
  const branch = `NYW-${hash.digest('hex').slice(0, 6)}`;
  const { id: parentId } = await only(api.list<Named>('/units', { kind: 'group' }));
  const place = { timeZone: rates.timeZone, locale: 'en' };
  const region = await unit(api, { kind: 'region', parentId, code: 'NYW', name: 'New York water', ...place });
  const { id: branchId } = await unit(api, {
    kind: 'branch',
    parentId: region.id,
    code: branch,
    name: `${rates.source} · ${branch.slice(4)}`.slice(0, 200),
    ...place,
  });
  const site = await unit(api, {
    kind: 'site',
    parentId: branchId,
    code: `${branch}-S`,
    name: 'Developments',
  });
  const feeItemId = await feeItem(api, branchId, rates);
  await publishTariffs(api, feeItemId, rates);
  return { branchId, branch, siteId: site.id, feeItemId };
}

/** Brings customers, units, occupancies and meters in, each through the service that keeps it. */
export async function registerMeters(
  api: GatewayClient,
  { branchId, branch }: Place,
  chains: readonly Chain[],
  item: Rates['item'],
  say: Say,
): Promise<void> {
  const accounts = [...new Map(chains.map((chain) => [chain.edp, chain])).values()];
  const developments = [...new Set(accounts.map(({ development }) => development))];
  const customers = await registerCustomers(api, branchId, developments);
  say(`${customers.size} customers`);
  const at = { branch, source: SOURCE, say };
  const buildings = accounts.map(({ edp, account }) => ({ id: edp, code: edp, name: account || edp }));
  await importRows(api, 'buildings', buildings, at, ['premises.site-unknown']);
  const units = accounts.map(({ edp }) => ({ id: edp, code: unitCode(edp), use: 'residential' }));
  await importRows(api, 'property-units', units, at);
  const occupancies = occupanciesOf(accounts, chains, customers);
  await importRows(api, 'occupancies', occupancies, at, ['occupancy.customer-unknown']);
  await importRows(
    api,
    'meters',
    chains.map((chain) => meterCells(chain, item)),
    at,
  );
}

const unitCode = (edp: string): string => `${edp}#1-1-1`;

/** Each development owns its units from before the first bill on. */
function occupanciesOf(
  accounts: readonly Chain[],
  chains: readonly Chain[],
  customers: ReadonlyMap<string, string>,
): Cells[] {
  const from = chains.map(({ readings, lines }) => readings[0]?.day ?? lines[0]!.from).sort()[0]!;
  const day = from < LONG_AGO ? from : LONG_AGO;
  return accounts.map(({ edp, development }) => ({
    id: edp,
    unitCode: unitCode(edp),
    customerId: customers.get(development)!,
    role: 'owner',
    from: day,
  }));
}

const LONG_AGO = '2000-01-01';

const meterCells = ({ serial, edp, lines }: Chain, { medium, measure }: Rates['item']): Cells => ({
  id: serial,
  serial,
  unitCode: unitCode(edp),
  medium,
  measure,
  installedOn: lines[0]!.from,
  openingReading: '0',
});

/** A unit of the organisation by its code; made if it is missing. */
export async function unit(api: GatewayClient, body: Readonly<Record<string, string>>): Promise<Named> {
  for await (const known of api.list<Named>('/units', { code: body['code']! })) return known;
  return api.post<Named>('/units', body);
}

async function feeItem(api: GatewayClient, branchId: string, { item }: Rates): Promise<string> {
  const { code, name, medium } = item;
  for await (const known of api.list<Named>('/fee-items', { branchId }))
    if (known.code === code) return known.id;
  return (
    await patiently(() => api.post<Named>('/fee-items', { branchId, code, name, kind: 'metered', medium }))
  ).id;
}

async function publishTariffs(api: GatewayClient, feeItemId: string, { tariffs }: Rates): Promise<void> {
  const known = new Set<string>();
  for await (const tariff of api.list<Tariff>('/tariffs', { feeItemId, state: 'published' }))
    known.add(tariff.validFrom);
  for (const tariff of tariffs.filter(({ validFrom }) => !known.has(validFrom))) {
    const draft = await api.post<Tariff>('/tariffs', { feeItemId, ...tariff });
    await api.post(`/tariffs/${draft.id}/publication`, {}, draft.version);
  }
}

async function registerCustomers(
  api: GatewayClient,
  branchId: string,
  names: readonly string[],
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for await (const { id, name } of api.list<Customer>('/customers', { branchId }))
    if (name) ids.set(name, id);
  for (const name of names) {
    if (ids.has(name)) continue;
    const body = { branchId, kind: 'company', name, acceptDuplicates: true };
    ids.set(name, (await patiently(() => api.post<Customer>('/customers', body))).id);
  }
  return ids;
}

const TRIES = 60;
const WAIT_MS = 300;

/** A new branch or customer is not known to every service in the moment in which it is made. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1)
    try {
      return await work();
    } catch (error) {
      const early =
        error instanceof ApiError && (error.status === 404 || error.code === 'billing.customer-unknown');
      if (!early || tries === TRIES) throw error;
      await pause(WAIT_MS);
    }
}

/** The first item of a list. */
export async function only<T>(items: AsyncGenerator<T>): Promise<T> {
  for await (const item of items) return item;
  throw new Error('the platform has no group to hang a region on');
}
