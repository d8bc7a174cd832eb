import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openApiDocument } from '../openapi.js';
import { describeService } from '../service.js';
import { expectProblem, NotesService } from '../../test/notes-service.js';
import { NotesModule } from '../../test/notes.fixture.js';
import { encodeCursor } from './cursor.js';

const keysOf = (value: unknown): string[] => Object.keys(value as object);

let service: NotesService;

beforeAll(async () => {
  service = await NotesService.start();
});

afterAll(() => service.stop());

describe('correlation id', () => {
  it('is taken over, or made', async () => {
    const given = await service.call('/api/v1/me', service.asClerk({ 'x-correlation-id': 'desk-7.2026' }));
    expect(given.headers.get('x-correlation-id')).toBe('desk-7.2026');
    expect(given.body.ctx.correlationId).toBe('desk-7.2026');
    const made = await service.call('/api/v1/open');
    expect(made.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is not taken over when it is not one', async () => {
    const answer = await service.call('/api/v1/open', { headers: { 'x-correlation-id': 'a"b\\{}' } });
    expect(answer.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('versions', () => {
  it('gives a record its ETag, changes only the version that was seen, and does not send what is known', async () => {
    const created = await service.post('/api/v1/notes', { title: 'Versions' });
    expect(created.status).toBe(201);
    expect(created.headers.get('etag')).toBe('"v1"');
    const path = `/api/v1/notes/${created.body.id}`;
    const change = (headers: Record<string, string>) =>
      service.call(path, {
        method: 'PATCH',
        ...service.asClerk({ 'content-type': 'application/json', ...headers }),
        body: '{"title":"b"}',
      });

    expectProblem(await change({}), 428, 'precondition.required');
    expectProblem(await change({ 'if-match': 'v1' }), 400, 'precondition.malformed');
    expectProblem(await change({ 'if-match': 'W/"v1"' }), 412, 'precondition.stale');
    const changed = await change({ 'if-match': '"v1"' });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).toBe('"v2"');
    const stale = await change({ 'if-match': '"v1"' });
    expectProblem(stale, 412, 'precondition.stale');
    expect(stale.body.params).toEqual({ currentVersion: 2 });

    const known = await service.call(path, service.asClerk({ 'if-none-match': '"v1", W/"v2"' }));
    expect({ status: known.status, text: known.text, etag: known.headers.get('etag') }).toEqual({
      status: 304,
      text: '',
      etag: '"v2"',
    });
    const old = await service.call(path, service.asClerk({ 'if-none-match': '"v1"' }));
    expect({ status: old.status, title: old.body.title }).toEqual({ status: 200, title: 'b' });
  });
});

describe('Idempotency-Key', () => {
  it('reaches the use case with the route and the digest of the body', async () => {
    const send = (body: unknown) => service.post('/api/v1/notes', body, { 'idempotency-key': 'key-1' });
    const first = (await send({ title: 'a', priority: 2 })).body.ctx.idempotency;
    const same = (await send({ priority: 2, title: 'a' })).body.ctx.idempotency;
    const other = (await send({ title: 'b', priority: 2 })).body.ctx.idempotency;
    expect(first).toMatchObject({ key: 'key-1', route: 'POST /api/v1/notes' });
    expect(same).toEqual(first);
    expect(other.hash).not.toBe(first.hash);
  });

  it('tells commands on different records apart', async () => {
    const close = async (id: string): Promise<{ route: string; hash: string }> => {
      const init = { method: 'POST', ...service.asClerk({ 'idempotency-key': 'k' }) };
      const answer = await service.call(`/api/v1/notes/${id}/close`, init);
      return answer.body.ctx.idempotency as { route: string; hash: string };
    };
    const [one, two] = [await close('1'), await close('2')];
    expect(one.route).toBe('POST /api/v1/notes/:id/close');
    expect(one.hash).not.toBe(two.hash);
  });

  it('is refused when malformed', async () => {
    expectProblem(
      await service.post('/api/v1/notes', { title: 'a' }, { 'idempotency-key': 'a b' }),
      400,
      'idempotency.malformed-key',
    );
  });
});

describe('lists', () => {
  it('pass limit, sort, filters and cursor on', async () => {
    const first = await service.call('/api/v1/notes?sort=title&limit=5&state=open', service.asClerk());
    expect(first.body.items[0].query).toEqual({
      state: 'open',
      limit: 5,
      sort: { field: 'title', descending: false, text: 'title' },
    });
    const next = await service.call(`/api/v1/notes?sort=title&after=${first.body.next}`, service.asClerk());
    expect(next.body.items[0].query.after).toEqual({ sort: 'title', key: '2026-01-01', id: 'n1' });
  });

  it.each(['x', 'bnVsbA', encodeCursor({ sort: 'title', key: 'a', id: 'b' })])(
    'refuse the cursor %s',
    async (after) => {
      expectProblem(
        await service.call(`/api/v1/notes?sort=-title&after=${after}`, service.asClerk()),
        400,
        'list.bad-cursor',
      );
    },
  );

  it('refuse unknown and repeated parameters', async () => {
    expectProblem(
      await service.call('/api/v1/notes?stat=open', service.asClerk()),
      400,
      'request.invalid-query',
    );
    expectProblem(
      await service.call('/api/v1/notes?limit=1&limit=2', service.asClerk()),
      400,
      'request.invalid-query',
    );
  });
});

describe('OpenAPI', () => {
  it('is a 3.1 document in which every reference leads somewhere', async () => {
    const { body: document } = await service.call('/openapi.json');
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toEqual({
      title: 'Notes',
      description: 'Notes of a branch',
      version: '1.2.3',
      contact: {},
    });
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      (match) => match[1]!,
    );
    for (const reference of new Set(references)) {
      const inner = (node: unknown, key: string): unknown =>
        (node as Record<string, unknown> | undefined)?.[key];
      const target = reference.split('/').reduce(inner, document);
      expect({ reference, found: target !== undefined }).toEqual({ reference, found: true });
    }
    expect(JSON.stringify(document)).not.toContain('"nullable"');
  });

  it('says of every operation who may call it and which problems it answers', async () => {
    const { body: document } = await service.call('/openapi.json');
    const create = document.paths['/api/v1/notes'].post;
    expect(create.operationId).toBe('Notes.create');
    expect(create['x-roles']).toEqual(['cs-agent', 'cs-manager']);
    expect(create.parameters).toContainEqual({ $ref: '#/components/parameters/IdempotencyKey' });
    expect(keysOf(create.responses)).toEqual(
      expect.arrayContaining(['201', '400', '401', '403', '409', '413', '415', '422', '429', '500', '503']),
    );
    const change = document.paths['/api/v1/notes/{id}'].patch;
    expect(change.parameters).toContainEqual({ $ref: '#/components/parameters/IfMatch' });
    expect(keysOf(change.responses)).toEqual(expect.arrayContaining(['404', '412', '428']));
    expect(document.paths['/api/v1/open'].get.security).toEqual([]);
    expect(keysOf(document.paths['/api/v1/open'].get.responses)).not.toContain('401');
    expect(document.components.securitySchemes.openId.openIdConnectUrl).toBe(
      `${service.issuer.url}/.well-known/openid-configuration`,
    );
  });

  it('names components, with examples, and tells input from output', async () => {
    const { schemas } = (await service.call('/openapi.json')).body.components;
    expect(keysOf(schemas)).toEqual(['NewNote', 'Note', 'Problem']);
    expect(schemas.NewNote).toMatchObject({ required: ['title'], additionalProperties: false });
    expect(schemas.Note.properties.priority).toMatchObject({ default: 3, type: 'integer' });
    expect(schemas.Note.required).toContain('priority');
    expect(JSON.stringify(schemas.Note)).toContain('Leaking tap');
  });

  it('is the same whenever it is made, for committed documents', () => {
    const make = () =>
      JSON.stringify(openApiDocument(service.running.app, { title: 't', description: 'd', version: '1' }));
    expect(make()).toBe(make());
    expect(make()).not.toContain(service.issuer.url);
  });

  it('can be made without starting the service', async () => {
    const openapi = { title: 't', description: 'd' };
    const described = await describeService({ module: NotesModule, openapi, version: '1' });
    expect(described).toEqual(openApiDocument(service.running.app, { ...openapi, version: '1' }));
  });

  it('is shown at /docs from the service’s own files', async () => {
    const page = await service.call('/docs');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const links = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    for (const link of links)
      expect({ link, status: (await service.call(link)).status }).toEqual({ link, status: 200 });
  });
});
