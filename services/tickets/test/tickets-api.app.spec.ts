import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { registerTicketBody } from '../src/ticket/ticket-command.dto.js';
import type { Json } from '@steward/directory/testing';
import { TicketsUnderTest } from './tickets.harness.js';

jest.setTimeout(120_000);

let service: TicketsUnderTest;
let document: Json;
let ticket: Json;

beforeAll(async () => {
  service = await TicketsUnderTest.start();
  await service.category('water-leak');
  ticket = await service.ticket({ categoryCode: 'water-leak' });
  document = (await service.get('/openapi.json', null)).body;
}, 90_000);
afterAll(() => service?.stop());

type Operation = Readonly<{ method: string; path: string; spec: Json }>;
const operations = (): Operation[] =>
  Object.entries(document['paths'] as Json).flatMap(([path, methods]) =>
    Object.entries(methods as Json).map(([method, spec]) => ({
      method: method.toUpperCase(),
      path,
      spec: spec as Json,
    })),
  );
const examplesOf = (schema: Json): unknown[] =>
  (schema['examples'] as unknown[] | undefined) ?? ('example' in schema ? [schema['example']] : []);
const resolve = (schema: Json): Json => {
  const reference = schema['$ref'] as string | undefined;
  if (!reference) return schema;
  return resolve(
    reference
      .slice(2)
      .split('/')
      .reduce((node: Json, key) => node[key] as Json, document),
  );
};

describe('the OpenAPI document', () => {
  it('is 3.1, names every operation once, and every reference leads somewhere', () => {
    expect(document['openapi']).toBe('3.1.0');
    const ids = operations().map(({ spec }) => spec['operationId'] as string);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, reference] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = reference!
        .split('/')
        .reduce<Json | undefined>((node, key) => node?.[key] as Json | undefined, document);
      expect({ reference, found: found !== undefined }).toEqual({ reference, found: true });
    }
    expect(ids).toEqual(
      expect.arrayContaining([
        'registerTicket',
        'listTickets',
        'getTicket',
        'explainDeadline',
        'ticketHistory',
        'completeTicket',
      ]),
    );
  });

  it('says of every operation of its own what it is for, with examples of what it takes and answers', () => {
    for (const { method, path, spec } of operations().filter(({ path }) =>
      /^\/api\/v1\/(tickets|categories)/.test(path),
    )) {
      expect({ method, path, summary: spec['summary'] as unknown }).toEqual({
        method,
        path,
        summary: expect.any(String),
      });
      const responses = spec['responses'] as Json;
      const good = Object.keys(responses).filter((status) => status.startsWith('2'));
      expect({ method, path, good: good.length }).toEqual({ method, path, good: 1 });
      for (const content of [spec['requestBody']?.content, responses[good[0]!].content] as (
        Json | undefined
      )[]) {
        const schema = content?.['application/json']?.schema as Json | undefined;
        if (method === 'GET' && content === undefined) continue;
        const given = schema ? examplesOf(resolve(schema)).length : 0;
        expect({ method, path, given }).toEqual({ method, path, given: 1 });
      }
    }
  });

  it('holds valid JSON Schemas, and their examples fit', () => {
    const text = JSON.stringify(document['components']['schemas']).replaceAll(
      '#/components/schemas/',
      '#/$defs/',
    );
    const definitions = JSON.parse(text) as Json;
    let examples = 0;
    for (const [name, schema] of Object.entries(definitions)) {
      const known = z.fromJSONSchema({ $defs: definitions, $ref: `#/$defs/${name}` });
      for (const example of examplesOf(schema as Json)) {
        examples += 1;
        expect({ name, error: known.safeParse(example).error }).toEqual({ name, error: undefined });
      }
    }
    expect(examples).toBeGreaterThan(12);
  });
});

/** Values that a field might hold by mistake or in bad faith. */
const junk = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.constantFrom(
      null,
      '',
      ' ',
      '\u0000',
      '\ud800',
      'a\u0000b',
      0,
      -1,
      1e308,
      true,
      [],
      {},
      '9999-12-31T23:59:59Z',
      '0001-01-01T00:00:00Z',
    ),
    fc.constantFrom(
      '-271821-04-20T00:00:00.000Z',
      '2025-02-30T00:00:00Z',
      '0000-01-01T00:00:00Z',
      "'; drop table ticket; --",
      '=1+1',
      '%s%n',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.uuid(),
    fc.double(),
    fc.jsonValue({ maxDepth: 2 }),
  );

const requests = (): Operation[] =>
  operations().filter(({ path }) => !path.includes('imports') && !path.includes('parked'));

describe('bad requests', () => {
  it('whatever stands in a body, the answer is a problem or a success, never a fault of ours', async () => {
    const writing = requests().filter(({ spec }) => spec['requestBody'] !== undefined);
    const request = fc.constantFrom(...writing).chain((operation) => {
      const schema = resolve(operation.spec['requestBody']['content']['application/json']['schema'] as Json);
      const example = (examplesOf(schema)[0] ?? {}) as Json;
      const fields = [
        ...new Set([...Object.keys((schema['properties'] as Json | undefined) ?? {}), 'surplus']),
      ];
      return fc.record({
        operation: fc.constant(operation),
        example: fc.constant({
          ...example,
          ...(fields.includes('branchId') ? { branchId: service.group.id('EB1'), categoryCode: null } : {}),
        }),
        changes: fc.dictionary(fc.constantFrom(...fields), junk(), { maxKeys: 3 }),
        body: fc.option(junk(), { freq: 5 }),
      });
    });
    const property = fc.asyncProperty(request, async ({ operation, example, changes, body }) => {
      const path = operation.path.replace('{id}', ticket['id'] as string);
      const sent = body === null ? { ...example, ...changes } : body;
      const answer = await service.call(operation.method, path, 'eb1.cs-manager', JSON.stringify(sent), {
        match: 1,
      });
      expect({ path, status: answer.status, text: answer.status < 500 ? '' : answer.text }).toEqual({
        path,
        status: expect.any(Number),
        text: '',
      });
      expect(answer.status).toBeLessThan(500);
      if (answer.status >= 400) {
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        expect(answer.body).toMatchObject({
          status: answer.status,
          code: expect.any(String),
          title: expect.any(String),
        });
      }
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('whatever stands in a query or path, the answer is a problem or a success', async () => {
    const reading = requests().filter(({ method }) => method === 'GET');
    const value = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.string({ unit: 'binary', maxLength: 10 }),
      fc.uuid(),
      fc.constantFrom('true', '-1', '1', 'null', '*'),
    );
    const request = fc.constantFrom(...reading).chain((operation) => {
      const names = ((operation.spec['parameters'] as Json[] | undefined) ?? [])
        .map((one) => resolve(one))
        .filter((one) => one['in'] === 'query');
      const name = fc.constantFrom(...names.map((one) => one['name'] as string), 'surplus');
      return fc.record({
        operation: fc.constant(operation),
        id: value,
        query: fc.dictionary(name, value, { maxKeys: 3 }),
      });
    });
    const property = fc.asyncProperty(request, async ({ operation, id, query }) => {
      const wellFormed = Object.entries(query).map<[string, string]>(([name, text]) => [
        name,
        text.toWellFormed(),
      ]);
      const search = new URLSearchParams(wellFormed).toString();
      const path = operation.path.replace('{id}', encodeURIComponent(id.toWellFormed()));
      const answer = await service.get(`${path}?${search}`, 'hq.admin');
      expect({ path, search, status: answer.status < 500 }).toEqual({ path, search, status: true });
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('bodies that are no JSON, too large or of another type are refused by name', async () => {
    const send = (body: string, type = 'application/json') =>
      service.call('POST', '/api/v1/tickets', 'eb1.cs-agent', body, { headers: { 'content-type': type } });
    expect((await send('{')).status).toBe(400);
    expect((await send('')).status).toBe(400);
    expect((await send('a=1', 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await send(JSON.stringify(service.intake({ content: 'x'.repeat(2_000_000) })))).status).toBe(413);
    expect((await send(JSON.stringify(service.intake({ content: 'x'.repeat(10_001) })))).status).toBe(400);
    expect((await send(`{"__proto__":{"a":1},${JSON.stringify(service.intake()).slice(1)}`)).status).toBe(
      400,
    );
  });

  it('text that the database cannot keep is refused, text of any language is kept', async () => {
    const nul = await service.post(
      '/api/v1/tickets',
      'eb1.cs-agent',
      service.intake({ content: 'a\u0000b' }),
    );
    expect(nul.status).toBe(400);
    const content = '漏水 💧 ẞ \u200f \\u0000 #{x} $1 %s \' " --';
    const kept = await service.ticket({ content, requesterName: '#' });
    expect((await service.get(`/api/v1/tickets/${kept['id']}`, 'eb1.cs-agent')).body['content']).toBe(
      content,
    );
  });

  it('the schema of the intake refuses what it does not know', () => {
    expect(registerTicketBody.safeParse({ ...service.intake(), state: 'completed' }).success).toBe(false);
  });
});
