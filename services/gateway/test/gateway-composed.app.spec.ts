import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@steward/testing';
import { sendJson, type FixtureUpstream } from './fixture-upstream.js';
import { bodyOf, startHarness, type Harness } from './gateway.harness.js';

jest.setTimeout(30_000);

const CUSTOMER = '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e01';
const UNIT = '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e02';
const BUILDING = '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e03';
const OTHER = '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e04';
const OVERVIEW = `/api/v1/customers/${CUSTOMER}/overview`;
const DOSSIER = `/api/v1/property-units/${UNIT}/dossier`;

let gateway: Harness;
afterEach(() => gateway.stop());

const start = async (overrides: Parameters<typeof startHarness>[0] = {}) => {
  gateway = await startHarness({ timeouts: { partMs: 1000 }, ...overrides });
  answerAll();
  return gateway.as('eb1.clerk');
};

/** Answers an address, and remembers that it was asked. */
function answer(upstream: FixtureUpstream, path: string, status: number, body: unknown): void {
  upstream.on(`/api/v1${path}`, (request, response) => {
    upstream.seen.push({ method: 'GET', url: request.url!, headers: request.headers, body: '' });
    sendJson(response, status, body);
  });
}

const items = (
  upstream: FixtureUpstream,
  path: string,
  list: readonly object[],
  next: string | null = null,
) => answer(upstream, path, 200, { items: list, next });

/** Every service has something of the customer and the unit. */
function answerAll(): void {
  const { accounts, premises, tickets, billing } = gateway;
  items(accounts, `/customers/${CUSTOMER}/contacts`, [{ name: '王芳' }]);
  answer(accounts, `/customers/${CUSTOMER}`, 200, { id: CUSTOMER, name: '李建国' });
  items(accounts, '/customers?', [{ id: CUSTOMER, name: '李建国' }]);
  items(premises, '/occupancies', [
    { propertyUnitId: UNIT, customerId: CUSTOMER, role: 'owner' },
    { propertyUnitId: UNIT, customerId: OTHER, role: 'tenant' },
  ]);
  answer(premises, `/property-units/${UNIT}`, 200, { id: UNIT, code: '180#1-1-1', buildingId: BUILDING });
  items(premises, '/property-units?', [{ id: UNIT, code: '180#1-1-1' }]);
  answer(premises, `/buildings/${BUILDING}`, 200, { id: BUILDING, code: '180' });
  items(premises, '/buildings?', []);
  items(premises, '/meters', [{ serial: 'W-1' }]);
  items(tickets, '/tickets', [{ number: 'EB1-T-2026-000001' }], 'Y3Vyc29y');
  items(tickets, '/callbacks', [{ state: 'due' }]);
  items(billing, '/billing-accounts', [{ balances: [] }]);
  items(billing, '/invoices', [{ number: 'EB1-I-2026-000001' }]);
  items(billing, '/receipts', []);
  items(billing, '/charges', []);
}

const asked = (upstream: FixtureUpstream): string[] =>
  upstream.seen
    .map(({ url }) => url)
    .filter((url) => url.startsWith('/api/'))
    .sort();

const statesOf = (body: Record<string, { state: string }>): Record<string, string> =>
  Object.fromEntries(Object.entries(body).map(([name, { state }]) => [name, state]));

const hang = (): void => undefined;
const FORBIDDEN = { status: 403, code: 'access.role-missing', detail: 'None of your roles allows this.' };

describe('the overview of a customer', () => {
  it('holds what every service has, asked once each with the caller’s token', async () => {
    const clerk = await start();
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const response = await gateway.get(OVERVIEW, {
      ...clerk,
      'x-correlation-id': 'case-17',
      traceparent: `00-${trace}-00f067aa0ba902b7-01`,
    });
    expect(response.status).toBe(200);
    const body = await bodyOf(response);
    expect(body.customer).toEqual({ state: 'ok', value: { id: CUSTOMER, name: '李建国' } });
    expect(body.propertyUnits.items).toEqual([{ id: UNIT, code: '180#1-1-1' }]);
    expect(body.tickets).toEqual({
      state: 'ok',
      items: [{ number: 'EB1-T-2026-000001' }],
      href: `/api/v1/tickets?customerId=${CUSTOMER}`,
      more: `/api/v1/tickets?customerId=${CUSTOMER}&limit=20&after=Y3Vyc29y`,
    });
    expect(new Set(Object.values(statesOf(body)))).toEqual(new Set(['ok']));
    expect(asked(gateway.accounts)).toEqual([
      `/api/v1/customers/${CUSTOMER}`,
      `/api/v1/customers/${CUSTOMER}/contacts?sort=-validFrom&limit=20`,
    ]);
    expect(asked(gateway.premises)).toEqual([
      `/api/v1/occupancies?customerId=${CUSTOMER}&limit=20`,
      `/api/v1/property-units?ids=${UNIT}&limit=20`,
    ]);
    expect(asked(gateway.tickets)).toEqual([
      `/api/v1/callbacks?customerId=${CUSTOMER}&sort=-dueAt&limit=20`,
      `/api/v1/tickets?customerId=${CUSTOMER}&limit=20`,
    ]);
    expect(asked(gateway.billing)).toEqual([
      `/api/v1/billing-accounts?customerId=${CUSTOMER}&limit=20`,
      `/api/v1/charges?customerId=${CUSTOMER}&open=true&limit=20`,
      `/api/v1/invoices?customerId=${CUSTOMER}&open=true&limit=20`,
    ]);
    for (const { headers } of gateway.billing.seen) {
      expect(headers).toMatchObject({ authorization: clerk.authorization, 'x-correlation-id': 'case-17' });
      expect(headers.traceparent).toContain(trace);
    }
  });

  it('says of a slow, a dead, a broken and a forbidden part what it is, and shows the rest', async () => {
    const clerk = await start();
    gateway.billing.on('/api/v1/invoices', hang);
    gateway.billing.on('/api/v1/charges', (request) => void request.socket.destroy());
    answer(gateway.tickets, '/callbacks', 500, { code: 'internal', detail: 'Something went wrong.' });
    answer(gateway.billing, '/billing-accounts', 403, FORBIDDEN);
    await gateway.premises.close();
    const body = await bodyOf(await gateway.get(OVERVIEW, clerk));
    expect(statesOf(body)).toEqual({
      customer: 'ok',
      contacts: 'ok',
      occupancies: 'unavailable',
      propertyUnits: 'unavailable',
      tickets: 'ok',
      callbacks: 'unavailable',
      billingAccounts: 'forbidden',
      openInvoices: 'unavailable',
      openCharges: 'unavailable',
    });
    expect(body.billingAccounts).toEqual({ state: 'forbidden' });
    expect(body.openInvoices.problem).toMatchObject({
      status: 504,
      code: 'gateway.timeout',
      instance: '/api/v1/invoices',
    });
    expect(body.openCharges.problem).toMatchObject({ status: 502, code: 'gateway.bad-upstream' });
    expect(body.occupancies.problem).toMatchObject({ status: 503, code: 'gateway.unavailable' });
    expect(body.callbacks.problem).toMatchObject({ status: 500, code: 'internal' });
  });

  it('is 404 or 403 as accounts says of the customer, without waiting for the rest', async () => {
    const clerk = await start({ timeouts: { partMs: 20_000 } });
    gateway.billing.reset();
    gateway.billing.on('/api/v1/', hang);
    answer(gateway.accounts, `/customers/${CUSTOMER}`, 404, { code: 'customer.not-found', detail: 'None.' });
    const none = await gateway.get(OVERVIEW, clerk);
    expect(none.headers.get('content-type')).toContain('application/problem+json');
    expect(await bodyOf(none)).toMatchObject({ status: 404, code: 'customer.not-found', instance: OVERVIEW });
    answer(gateway.accounts, `/customers/${CUSTOMER}`, 403, FORBIDDEN);
    expect(await bodyOf(await gateway.get(OVERVIEW, clerk))).toMatchObject({
      status: 403,
      code: 'access.role-missing',
    });
    const running = async () =>
      (await bodyOf(await gateway.get('/health/services'))).services.billing.inFlight as number;
    await eventually(async () => (await running()) === 0);
  });

  it('is shown without its customer while accounts is away, and is 503 when nobody answers', async () => {
    const clerk = await start();
    await gateway.accounts.close();
    const body = await bodyOf(await gateway.get(OVERVIEW, clerk));
    expect(statesOf(body)).toMatchObject({ customer: 'unavailable', contacts: 'unavailable', tickets: 'ok' });
    await Promise.all([gateway.premises, gateway.tickets, gateway.billing].map((service) => service.close()));
    const nothing = await gateway.get(OVERVIEW, clerk);
    expect(nothing.headers.get('retry-after')).toBe('2');
    expect(await bodyOf(nothing)).toMatchObject({ status: 503, code: 'gateway.unavailable' });
  });

  it('leaves a service alone whose circuit is open', async () => {
    const clerk = await start({ timeouts: { partMs: 1000, circuit: { failures: 3, openMs: 60_000 } } });
    let reached = 0;
    gateway.billing.reset();
    gateway.billing.on('/api/v1/', (request) => {
      reached += 1;
      request.socket.destroy();
    });
    await bodyOf(await gateway.get(OVERVIEW, clerk));
    expect(reached).toBe(3);
    const body = await bodyOf(await gateway.get(OVERVIEW, clerk));
    expect(body.billingAccounts.problem).toMatchObject({ status: 503, code: 'gateway.unavailable' });
    expect(reached).toBe(3);
  });

  it('lets its places go when the client has gone', async () => {
    const clerk = await start({ timeouts: { partMs: 20_000 } });
    gateway.billing.reset();
    gateway.billing.on('/api/v1/', hang);
    const leaving = new AbortController();
    const request = fetch(gateway.url + OVERVIEW, { headers: clerk, signal: leaving.signal });
    const running = async () =>
      (await bodyOf(await gateway.get('/health/services'))).services.billing as {
        inFlight: number;
        circuit: string;
      };
    await eventually(async () => (await running()).inFlight === 3);
    leaving.abort();
    await expect(request).rejects.toThrow();
    await eventually(async () => (await running()).inFlight === 0);
    expect((await running()).circuit).toBe('closed');
  });

  it.each([
    ['/api/v1/customers/7/overview', 400, 'request.invalid-path'],
    [`${OVERVIEW}?limit=5`, 400, 'request.invalid-query'],
    [`${DOSSIER}?x=`, 400, 'request.invalid-query'],
    ['/api/v1/search', 400, 'request.invalid-query'],
    ['/api/v1/search?q=%20', 400, 'request.invalid-query'],
    ['/api/v1/search?q=a&q=b', 400, 'request.invalid-query'],
    [`/api/v1/search?q=${'x'.repeat(101)}`, 400, 'request.invalid-query'],
  ])('%s is answered %i', async (path, status, code) => {
    const clerk = await start();
    const body = await bodyOf(await gateway.get(path, clerk));
    expect(body).toMatchObject({ status, code });
    expect((await gateway.get(path)).status).toBe(401);
    expect(asked(gateway.tickets)).toEqual([]);
  });
});

describe('the dossier of a property unit', () => {
  it('holds building, meters, tickets, accounts, and who lives there by name', async () => {
    const clerk = await start();
    const body = await bodyOf(await gateway.get(DOSSIER, clerk));
    expect(new Set(Object.values(statesOf(body)))).toEqual(new Set(['ok']));
    expect(body.building.value).toEqual({ id: BUILDING, code: '180' });
    expect(body.customers.items).toEqual([{ id: CUSTOMER, name: '李建国' }]);
    expect(asked(gateway.accounts)).toEqual([`/api/v1/customers?ids=${CUSTOMER}%2C${OTHER}&limit=20`]);
    expect(asked(gateway.premises)).toHaveLength(4);
    expect(asked(gateway.billing)).toEqual([`/api/v1/billing-accounts?propertyUnitId=${UNIT}&limit=20`]);
  });

  it('asks for nobody where nobody lives, and says that names are forbidden or away', async () => {
    const clerk = await start();
    items(gateway.premises, '/occupancies', []);
    const empty = await bodyOf(await gateway.get(DOSSIER, clerk));
    expect(empty.customers).toEqual({ state: 'ok', items: [], href: '/api/v1/customers', more: null });
    expect(asked(gateway.accounts)).toEqual([]);
    items(gateway.premises, '/occupancies', [{ customerId: CUSTOMER }]);
    answer(gateway.accounts, '/customers?', 403, FORBIDDEN);
    expect((await bodyOf(await gateway.get(DOSSIER, clerk))).customers).toEqual({ state: 'forbidden' });
    gateway.premises.on('/api/v1/occupancies', hang);
    expect(statesOf(await bodyOf(await gateway.get(DOSSIER, clerk)))).toMatchObject({
      propertyUnit: 'ok',
      occupancies: 'unavailable',
      customers: 'unavailable',
      meters: 'ok',
    });
  });

  it('is 404 where the unit is not in the caller’s scope', async () => {
    const clerk = await start();
    answer(gateway.premises, `/property-units/${UNIT}`, 404, {
      code: 'property-unit.not-found',
      detail: 'No.',
    });
    expect(await bodyOf(await gateway.get(DOSSIER, clerk))).toMatchObject({
      status: 404,
      code: 'property-unit.not-found',
    });
  });
});

describe('the search', () => {
  it('asks every kind at once, a few of each, and groups what is found', async () => {
    const clerk = await start();
    const body = await bodyOf(await gateway.get('/api/v1/search?q=180%231%20', clerk));
    expect(Object.keys(body)).toEqual([
      'customers',
      'tickets',
      'propertyUnits',
      'buildings',
      'meters',
      'invoices',
      'receipts',
    ]);
    expect(body.propertyUnits).toMatchObject({ href: '/api/v1/property-units?code=180%231', more: null });
    expect(asked(gateway.accounts)).toEqual(['/api/v1/customers?search=180%231&limit=5']);
    expect(asked(gateway.billing)).toEqual([
      '/api/v1/invoices?number=180%231&limit=5',
      '/api/v1/receipts?number=180%231&limit=5',
    ]);
  });

  it('marks what is away or forbidden, and finds nothing where a service takes no such words', async () => {
    const clerk = await start();
    answer(gateway.premises, '/buildings?', 400, { code: 'request.invalid-query', detail: 'Too long.' });
    answer(gateway.billing, '/invoices', 403, FORBIDDEN);
    gateway.accounts.reset();
    gateway.accounts.on('/api/v1/customers', hang);
    const found = await bodyOf(await gateway.get('/api/v1/search?q=x', clerk));
    expect(statesOf(found)).toMatchObject({
      customers: 'unavailable',
      invoices: 'forbidden',
      buildings: 'ok',
      tickets: 'ok',
    });
    expect(found.buildings.items).toEqual([]);
  });

  it('is refused to whom no service gives anything', async () => {
    const clerk = await start();
    for (const upstream of [gateway.accounts, gateway.premises, gateway.tickets, gateway.billing]) {
      upstream.reset();
      answer(upstream, '/', 403, FORBIDDEN);
    }
    expect(await bodyOf(await gateway.get('/api/v1/search?q=x', clerk))).toMatchObject({
      status: 403,
      code: 'access.role-missing',
    });
  });

  it('is measured by service like every route', async () => {
    const clerk = await start();
    await bodyOf(await gateway.get('/api/v1/search?q=secret', clerk));
    const text = await (await gateway.get('/metrics')).text();
    const hop = text
      .split('\n')
      .find((line) => line.includes('http_route="/api/v1/search"') && line.includes('upstream="billing"'));
    expect(hop).toContain('gateway_upstream_duration');
    expect(text).not.toContain('secret');
  });
});
