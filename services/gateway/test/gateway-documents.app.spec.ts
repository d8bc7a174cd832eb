import { afterEach, describe, expect, it } from '@jest/globals';
import { sendJson, type FixtureUpstream } from './fixture-upstream.js';
import { bodyOf, startHarness, type Harness } from './gateway.harness.js';

let gateway: Harness;
afterEach(() => gateway.stop());

const json = (schema: object) => ({ description: 'OK', content: { 'application/json': { schema } } });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const DOCUMENTS = {
  organisation: {
    openapi: '3.1.0',
    info: { title: 'Organisation', version: '1' },
    paths: {
      '/api/v1/units': {
        get: { operationId: 'Units.list', tags: ['Units'], responses: { 200: json(ref('Page')) } },
      },
      '/api/v1/imports': { post: { operationId: 'Imports.create', responses: { 202: json(ref('Job')) } } },
      '/health/live': { get: { operationId: 'live', responses: { 200: { description: 'OK' } } } },
    },
    components: {
      schemas: {
        Page: { type: 'object', properties: { unit: { type: 'string' } } },
        Job: { type: 'object' },
      },
    },
  },
  tickets: {
    openapi: '3.1.0',
    info: { title: 'Tickets', version: '1' },
    paths: {
      '/api/v1/tickets': { get: { operationId: 'Units.list', responses: { 200: json(ref('Page')) } } },
      '/api/v1/tickets/{id}': {
        get: {
          operationId: 'Tickets.get',
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          responses: { 200: json(ref('Page')) },
        },
      },
      '/api/v1/imports': { post: { operationId: 'Imports.create', responses: { 202: json(ref('Job')) } } },
      '/api/v1/units': { delete: { operationId: 'hijack', responses: {} } },
    },
    components: {
      schemas: {
        Page: { type: 'object', properties: { ticket: { type: 'string' } } },
        Job: { type: 'object' },
      },
    },
  },
};

const serve = (upstream: FixtureUpstream, document: object): void =>
  upstream.on('/openapi.json', (_request, response) => sendJson(response, 200, document));

type Operation = { responses?: object; parameters?: { name: string }[] };
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: object };
  [other: string]: unknown;
};

/** Everything that the specification asks of a document and that merging could break. */
function problemsOf(document: Document): string[] {
  const problems: string[] = [];
  const ids: string[] = [];
  const at = (pointer: string): unknown =>
    pointer
      .slice(2)
      .split('/')
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
  const walk = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    for (const [name, field] of Object.entries(value)) {
      if (name === '$ref' && at(field as string) === undefined) problems.push(`dangling ${String(field)}`);
      if (name === 'operationId') ids.push(field as string);
      walk(field);
    }
  };
  walk(document);
  if (new Set(ids).size !== ids.length) problems.push('operation ids repeat');
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, where: `${method} ${path}`, operation })),
  );
  for (const { path, where, operation } of operations) {
    if (!path.startsWith('/api/v1')) problems.push(`path ${path}`);
    if (!operation.responses) problems.push(`${where} has no answers`);
    const named = (operation.parameters ?? []).map(({ name }) => name);
    const expected = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name!);
    problems.push(
      ...expected.filter((name) => !named.includes(name)).map((name) => `${where} lacks ${name}`),
    );
  }
  return problems;
}

describe('the one OpenAPI document', () => {
  it('is merged from the services, valid, and names only what can be reached', async () => {
    gateway = await startHarness();
    serve(gateway.organisation, DOCUMENTS.organisation);
    serve(gateway.tickets, DOCUMENTS.tickets);
    gateway.insights.on('/openapi.json', (_request, response) => void response.writeHead(500).end());
    const response = await gateway.get('/openapi.json');
    const document = (await bodyOf(response)) as Document;
    expect(document.openapi).toBe('3.1.0');
    expect(problemsOf(document)).toEqual([]);
    expect(Object.keys(document.paths).sort()).toEqual([
      '/api/v1',
      '/api/v1/imports',
      '/api/v1/stream',
      '/api/v1/tickets',
      '/api/v1/tickets/{id}',
      '/api/v1/units',
    ]);
    expect(Object.keys(document.paths['/api/v1/units']!)).toEqual(['get']);
    expect(Object.keys(document.components.schemas).sort()).toEqual([
      'EventReference',
      'Job',
      'Page',
      'Problem',
      'Tickets_Page',
    ]);
    expect(document.servers).toEqual([expect.objectContaining({ url: '/' })]);
    expect(document.security).toEqual([{ bearer: [] }, { openId: [] }]);
    expect(document.tags).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'tickets' })]));
    expect(document['x-missing-services']).toEqual(['insights']);
  });

  it('is shown by pages that work under their policy', async () => {
    gateway = await startHarness();
    const page = await gateway.get('/docs');
    const policy = page.headers.get('content-security-policy');
    const text = await page.text();
    expect(policy).toContain("script-src 'self'");
    expect(text).not.toMatch(/<script>|<script [^>]*>[^<]|onload=/);
    for (const [, address] of text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const asset = await gateway.get(address!);
      expect([address, asset.status]).toEqual([address, 200]);
      expect(asset.headers.get('x-content-type-options')).toBe('nosniff');
    }
    const start = await gateway.get('/');
    expect(await start.text()).toContain('href="/docs"');
    expect(start.headers.get('content-security-policy')).toContain('sha256-');
  });
});

describe('import jobs of all services in one list', () => {
  const jobs = (service: string, ...times: string[]) =>
    times.map((createdAt) => ({ id: `${service}-${createdAt}`, createdAt }));

  const serveJobs = (upstream: FixtureUpstream, items: readonly { id: string; createdAt: string }[]): void =>
    upstream.on('/api/v1/imports', (request, response) => {
      upstream.seen.push({ method: 'GET', url: request.url!, headers: request.headers, body: '' });
      const query = new URL(request.url!, 'http://x').searchParams;
      const from = Number(query.get('after') ?? 0);
      const to = from + Number(query.get('limit'));
      sendJson(response, 200, { items: items.slice(from, to), next: to < items.length ? String(to) : null });
    });

  const start = async (overrides?: Parameters<typeof startHarness>[0]) => {
    gateway = await startHarness(overrides);
    for (const upstream of [gateway.accounts, gateway.premises]) serveJobs(upstream, []);
  };

  it('come newest first, page by page, each once', async () => {
    await start();
    const clerk = gateway.as('eb1.clerk');
    serveJobs(gateway.organisation, jobs('organisation', '2026-09', '2026-05', '2026-01'));
    serveJobs(gateway.tickets, jobs('tickets', '2026-08', '2026-07', '2026-06', '2026-04', '2026-03'));
    const seen: string[] = [];
    const sizes: number[] = [];
    let next: string | null = null;
    do {
      const after: string = next === null ? '' : `&after=${next}`;
      const response = await gateway.get(`/api/v1/imports?limit=3&state=running${after}`, clerk);
      const page = (await bodyOf(response)) as { items: { createdAt: string }[]; next: string | null };
      seen.push(...page.items.map(({ createdAt }) => createdAt));
      sizes.push(page.items.length);
      next = page.next;
    } while (next !== null);
    expect(seen).toEqual([9, 8, 7, 6, 5, 4, 3, 1].map((month) => `2026-0${month}`));
    expect(sizes).toEqual([3, 3, 2]);
    expect(gateway.tickets.seen[0]!.url).toContain('state=running');
    expect(gateway.tickets.seen[0]!.headers.authorization).toBe(clerk.authorization);
  });

  it('name the service that does not answer, and ask it again on the next page', async () => {
    await start({ timeouts: { deadlineMs: 1000 } });
    const clerk = gateway.as('eb1.clerk');
    serveJobs(gateway.organisation, jobs('organisation', '2026-09'));
    gateway.tickets.on('/api/v1/imports', () => undefined);
    const first = await bodyOf(await gateway.get('/api/v1/imports', clerk));
    expect(first).toMatchObject({ items: [{ id: 'organisation-2026-09' }], missing: ['tickets'] });
    serveJobs(gateway.tickets, jobs('tickets', '2026-10'));
    const second = await bodyOf(await gateway.get(`/api/v1/imports?after=${first.next}`, clerk));
    expect(second).toEqual({ items: [{ id: 'tickets-2026-10', createdAt: '2026-10' }], next: null });
  });

  it('are refused, or not to be had, as the services say', async () => {
    gateway = await startHarness({ timeouts: { deadlineMs: 500 } });
    const { organisation, accounts, premises, tickets } = gateway;
    const all = [organisation, accounts, premises, tickets];
    const clerk = gateway.as('eb1.clerk');
    for (const upstream of all) {
      upstream.on('/api/v1/imports', (_request, response) => sendJson(response, 400, {}));
    }
    expect(await bodyOf(await gateway.get('/api/v1/imports?x=1', clerk))).toMatchObject({ status: 400 });
    for (const upstream of all) upstream.on('/api/v1/imports', () => undefined);
    expect(await bodyOf(await gateway.get('/api/v1/imports', clerk))).toMatchObject({
      code: 'gateway.unavailable',
    });
  });
});
