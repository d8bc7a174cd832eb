import { GatewayClient, type GatewayAccess } from '../gateway-client.js';
import { importRows, type Cells, type Register } from '../import-rows.js';
import { only, patiently, unit } from '../nycha-water/set-up.js';
import { movesOf, type Move } from './moves.js';
import type { Customer } from './history.js';

type Known = Readonly<{ id: string; name: string | null }>;
type Me = Readonly<{ employee: Readonly<{ id: string }> | null }>;
type Grant = Readonly<{ role: string; unitId: string; revokedAt?: string | null }>;
type Issued = Readonly<{ issued: number; done: boolean }>;

const SOURCE = 'payment-history';
export const CURRENCY = 'TWD';
const FEE_ITEM = 'card-statement';

/** Where the history of one folder lives on the platform. */
export type Place = Readonly<{ branchId: string; branch: string }>;

/** Makes a branch of its own for these contents, in which the caller is an accountant as well. */
export async function makePlace(api: GatewayClient, digest: string): Promise<Place> {
  const branch = `UCI-${digest.slice(0, 6)}`;
  const { id: parentId } = await only(api.list<Readonly<{ id: string }>>('/units', { kind: 'group' }));
  const place = { timeZone: 'Asia/Taipei', locale: 'en' };
  const region = await unit(api, {
    kind: 'region',
    parentId,
    code: 'UCI',
    name: 'Payment history',
    ...place,
  });
  const name = `Six months of bills · ${digest.slice(0, 6)}`;
  const { id: branchId } = await unit(api, {
    kind: 'branch',
    parentId: region.id,
    code: branch,
    name,
    ...place,
  });
  const { employee } = await api.get<Me>('/me');
  if (employee) await becomeAccountant(api, employee.id, branchId);
  return { branchId, branch };
}

async function becomeAccountant(api: GatewayClient, employeeId: string, unitId: string): Promise<void> {
  for await (const grant of api.list<Grant>(`/employees/${employeeId}/grants`))
    if (grant.role === 'accountant' && grant.unitId === unitId && !grant.revokedAt) return;
  await api.post(`/employees/${employeeId}/grants`, { role: 'accountant', unitId });
}

/** Brings customers in by their service; gives their ids by the id of the source. */
export async function registerCustomers(
  access: GatewayAccess,
  { branch, branchId }: Place,
  customers: readonly Customer[],
  say: (line: string) => void,
): Promise<Map<string, string>> {
  const api = new GatewayClient(access);
  const nameOf = (id: string): string => `Card customer ${id}`;
  const first = nameOf(customers[0]!.id);
  const known = await namesOf(api, branchId);
  // the first one by itself: it tells that the service knows the new branch
  if (!known.has(first))
    await patiently(() =>
      api.post('/customers', { branchId, kind: 'person', name: first, acceptDuplicates: true }),
    );
  const rows = customers
    .slice(1)
    .map(({ id }): Cells => ({ id, kind: 'person', name: nameOf(id), acceptDuplicates: 'true' }));
  await importRows(api, 'customers', rows, { branch, source: SOURCE, say });
  const names = await namesOf(api, branchId);
  return new Map(customers.map(({ id }) => [id, names.get(nameOf(id))!]));
}

async function namesOf(api: GatewayClient, branchId: string): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for await (const { id, name } of api.list<Known>('/customers', { branchId })) if (name) names.set(name, id);
  return names;
}

/** Loads what was owed and what was paid, in the order in which it happened, and issues the invoices of each month. */
export async function loadMoves(
  api: GatewayClient,
  { branch, branchId }: Place,
  {
    customers,
    ids,
    say,
  }: Readonly<{
    customers: readonly Customer[];
    ids: ReadonlyMap<string, string>;
    say: (line: string) => void;
  }>,
): Promise<void> {
  const moves = customers.flatMap(movesOf).sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  const at: Register = { branch, source: SOURCE, say };
  const debts = moves.filter(({ kind }) => kind === 'debt');
  await importRows(
    api,
    'debts',
    debts.map((move) => debtCells(move, ids)),
    at,
    ['debt.customer-unknown'],
  );
  for (const month of [...new Set(debts.map((move) => move.month))]) await issue(api, branchId, month, say);
  const money = moves.filter(({ kind }) => kind !== 'debt');
  const owing = new Set(debts.map(({ customer }) => customer));
  const prepaid = [...new Set(money.map(({ customer }) => customer))].filter((id) => !owing.has(id));
  // money waits unmatched until its customer has an account; who never owed has none
  for (const id of prepaid)
    await patiently(() => api.post('/billing-accounts', { branchId, customerId: ids.get(id)! }));
  await importRows(
    api,
    'payments',
    money.map((move) => paymentCells(move, ids)),
    at,
  );
}

async function issue(
  api: GatewayClient,
  branchId: string,
  period: string,
  say: (line: string) => void,
): Promise<void> {
  for (let count = 0; ;) {
    const { issued, done } = await patiently(() =>
      api.post<Issued>('/invoices/periods', { branchId, period }),
    );
    count += issued;
    if (!done) continue;
    say(`${period}: ${count} invoices`);
    return;
  }
}

const debtCells = (move: Move, ids: ReadonlyMap<string, string>): Cells => ({
  id: `${move.customer}-${move.month}`,
  customerId: ids.get(move.customer)!,
  feeItemCode: FEE_ITEM,
  reference: `${move.customer}-${move.month}`,
  serviceFrom: `${move.month}-01`,
  serviceTo: move.on,
  amount: `${move.amount}.00`,
  currency: CURRENCY,
  bookedOn: move.on,
  dueOn: move.dueOn,
});

const paymentCells = (move: Move, ids: ReadonlyMap<string, string>): Cells => ({
  id: `${move.kind}-${move.customer}-${move.month}`,
  providerId: `${move.kind}-${move.customer}-${move.month}`,
  customerId: ids.get(move.customer)!,
  amount: `${move.amount}.00`,
  currency: CURRENCY,
  receivedOn: move.on,
});
