import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, expectProblem, NotesService } from '../../test/notes-service.js';

let service: NotesService;

beforeAll(async () => {
  service = await NotesService.start();
});

afterAll(() => service.stop());

describe('who may call', () => {
  it('lets anybody call a public route, without a context', async () => {
    expect((await service.call('/api/v1/open')).body).toEqual({ ctx: null });
  });

  it('asks for a token', async () => {
    const answer = await service.call('/api/v1/notes');
    expectProblem(answer, 401, 'auth.token-missing');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="steward"');
  });

  const tokens: [string, () => string, string][] = [
    ['expired', () => service.issuer.token('eb1.clerk', { expiresIn: -60 }), 'auth.token-expired'],
    [
      'of another audience',
      () => service.issuer.token('eb1.clerk', { audience: 'other-api' }),
      'auth.token-invalid',
    ],
    [
      'of another issuer',
      () => service.issuer.token('eb1.clerk', { issuer: 'https://evil.example' }),
      'auth.token-invalid',
    ],
    [
      'signed by another key',
      () => service.issuer.token('eb1.clerk', { foreignKey: true }),
      'auth.token-invalid',
    ],
    [
      'without a signature',
      () => service.issuer.token('eb1.clerk', { unsigned: true }),
      'auth.token-invalid',
    ],
    ['that is garbage', () => 'garbage', 'auth.token-invalid'],
    ['of three empty parts', () => '..', 'auth.token-invalid'],
    ['with a subject that is empty', () => service.issuer.token(''), 'auth.token-invalid'],
  ];
  it.each(tokens)('refuses a token %s', async (_name, make, code) => {
    const answer = await service.call('/api/v1/notes', bearer(make()));
    expectProblem(answer, 401, code);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it.each(['Basic abc', 'Bearer', 'Bearer a b', 'token'])(
    'refuses the Authorization header %j',
    async (authorization) => {
      expectProblem(
        await service.call('/api/v1/notes', { headers: { authorization } }),
        401,
        'auth.token-invalid',
      );
    },
  );

  it('refuses whoever holds none of the roles, also with an unknown subject', async () => {
    expectProblem(
      await service.call('/api/v1/notes', bearer(service.issuer.token('eb1.engineer'))),
      403,
      'access.role-missing',
    );
    expectProblem(
      await service.call('/api/v1/notes', bearer(service.issuer.token('nobody'))),
      403,
      'access.role-missing',
    );
  });

  it('ORG-01 makes the scope only from bindings whose role permits the route, and writes only where it changes', async () => {
    const hats = service.issuer.token('many.hats');
    const list = await service.call('/api/v1/notes', bearer(hats));
    expect(list.body.items[0].scope).toEqual({
      read: '*',
      write: [],
      refs: '*',
      caller: 'console/many.hats',
    });
    const created = await service.call('/api/v1/notes', {
      method: 'POST',
      headers: { authorization: `Bearer ${hats}`, 'content-type': 'application/json' },
      body: '{"title":"a"}',
    });
    const branch = ['eb1'];
    const caller = 'console/many.hats';
    expect(created.body.ctx.scope).toEqual({ read: branch, write: branch, refs: branch, caller });
  });

  it('lets any good token call an authenticated route, without the right to write', async () => {
    const me = await service.call(
      '/api/v1/me',
      bearer(service.issuer.token('nobody', { claims: { client_id: undefined, azp: 'cli' } })),
    );
    expect(me.body.ctx).toMatchObject({
      actor: { id: 'nobody', kind: 'person' },
      clientId: 'cli',
      grants: [],
      scope: { read: [], write: [], refs: [] },
    });
  });

  it('does not read the body of a caller without a token', async () => {
    const answer = await service.call('/api/v1/notes', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expectProblem(answer, 401, 'auth.token-missing');
  });
});

describe('bodies', () => {
  it.each<[string, unknown, Record<string, string>, number, string]>([
    ['malformed JSON', '{"title":', {}, 400, 'request.malformed-json'],
    ['too deep', '['.repeat(5000) + ']'.repeat(5000), {}, 400, 'request.refused-json'],
    ['too large', JSON.stringify({ title: 'x'.repeat(30_000) }), {}, 413, 'request.too-large'],
    [
      'bytes that are not UTF-8',
      new Uint8Array([0x7b, 0x22, 0xe9, 0x22, 0x7d]),
      {},
      400,
      'request.bad-encoding',
    ],
    [
      'another charset',
      '{"title":"a"}',
      { 'content-type': 'application/json; charset=gb18030' },
      400,
      'request.bad-encoding',
    ],
    [
      'another media type',
      'title=a',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'request.unsupported-media-type',
    ],
    ['a NUL character', '{"title":"a\\u0000"}', {}, 400, 'request.refused-json'],
    ['a lone surrogate', '{"title":"\\ud800"}', {}, 400, 'request.refused-json'],
    ['__proto__', '{"title":"a","__proto__":{"x":1}}', {}, 400, 'request.refused-json'],
    ['an empty body', '', {}, 400, 'request.invalid-body'],
    ['null', 'null', {}, 400, 'request.invalid-body'],
    ['a number out of range', '{"title":"a","priority":1e400}', {}, 400, 'request.refused-json'],
    ['a field twice', '{"title":"a","title":"b"}', {}, 400, 'request.refused-json'],
    ['a packed body', '{"title":"a"}', { 'content-encoding': 'gzip' }, 415, 'request.unsupported-media-type'],
  ])('%s', async (_name, body, headers, status, code) => {
    expectProblem(await service.post('/api/v1/notes', body, headers), status, code);
  });

  it('names every field that is not as it must be', async () => {
    const answer = await service.post('/api/v1/notes', {
      title: '',
      priority: 9,
      tags: [{ name: 'ok' }, { name: 7 }],
      extra: 1,
    });
    expectProblem(answer, 400, 'request.invalid-body');
    const errors = answer.body.errors as { path: string; code: string }[];
    expect(errors.map((error) => `${error.path}:${error.code}`).sort()).toEqual([
      ':unrecognized-keys',
      'priority:too-big',
      'tags.1.name:invalid-type',
      'title:too-small',
    ]);
  });

  it('names the path parameter and the query field', async () => {
    expect(
      (await service.call(`/api/v1/notes/${'x'.repeat(21)}`, service.asClerk())).body.errors[0],
    ).toMatchObject({
      path: 'id',
    });
    const answer = await service.call('/api/v1/notes?limit=0', service.asClerk());
    expectProblem(answer, 400, 'request.invalid-query');
    expect(answer.body.errors[0]).toMatchObject({ path: 'limit', code: 'too-small' });
  });
});

describe('addresses', () => {
  it.each([
    ['/nothing/here', 404, 'route.not-found'],
    ['/api/v1/%ZZ', 400, 'request.bad-url'],
    ['/api/v1/open?x=%E0%A4%A', 400, 'request.bad-url'],
    ['/api/v1/notes/a%00b', 400, 'request.bad-url'],
    ['/health/live?x=%E0%A4%A', 400, 'request.bad-url'],
    ['/openapi.json?x=%00', 400, 'request.bad-url'],
    ['/docs/assets/package.json', 404, 'route.not-found'],
    ['/docs/assets/..%2f..%2fpackage.json', 404, 'route.not-found'],
  ])('%s is %i %s', async (path, status, code) => {
    expectProblem(await service.call(path, service.asClerk()), status, code);
  });

  it('names the methods of an address that does not take this one', async () => {
    const answer = await service.call('/api/v1/notes/n1', { method: 'DELETE', ...service.asClerk() });
    expectProblem(answer, 405, 'route.method-not-allowed');
    expect(answer.headers.get('allow')).toBe('GET, HEAD, PATCH');
  });

  it('answers broken HTTP with a problem too', async () => {
    const port = Number(new URL(service.running.url).port);
    const raw = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write('GET / HTTP/1.1\r\nbroken header\r\n\r\n'),
      );
      let text = '';
      socket.on('data', (data: Buffer) => (text += data.toString()));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(raw).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(JSON.parse(raw.slice(raw.indexOf('\r\n\r\n')))).toMatchObject({
      status: 400,
      code: 'request.malformed',
    });
  });
});

describe('problems', () => {
  it.each([
    ['invalid', 400],
    ['unauthenticated', 401],
    ['not-found', 404],
    ['conflict', 409],
    ['precondition-failed', 412],
    ['precondition-required', 428],
    ['unprocessable', 422],
    ['too-many', 429],
    ['unavailable', 503],
  ])('a domain error %s is %i', async (kind, status) => {
    const answer = await service.call(`/api/v1/faults/domain/${kind}`);
    expectProblem(answer, status, 'note.refused');
    expect(answer.body).toMatchObject({
      params: { a: 1 },
      errors: [{ path: 'title', code: 'bad', detail: 'Bad.' }],
    });
    expect(answer.headers.get('retry-after')).toBe([429, 503].includes(status) ? '1' : null);
  });

  it('a rejected handler is answered too', async () => {
    expectProblem(await service.call('/api/v1/faults/late'), 409, 'note.already-closed');
  });

  it.each([
    ['23505', '', 409, 'conflict.duplicate'],
    ['40001', '', 503, 'database.busy'],
    ['22021', '', 400, 'request.bad-value'],
    ['42501', 'violates row-level security policy', 404, 'not-found'],
  ])('a database error %s %s is %i %s', async (state, message, status, code) => {
    expectProblem(
      await service.call(`/api/v1/faults/database/${state}?message=${encodeURIComponent(message)}`),
      status,
      code,
    );
  });

  it('an unknown error is a fixed sentence outside and a stack in the log', async () => {
    service.lines.length = 0;
    expectProblem(await service.call('/api/v1/faults/unknown'), 500, 'internal');
    expect(service.lines.join('\n')).toContain('secret inner detail');
    expect(service.lines.join('\n')).toContain('notes.fixture.ts');
  });
});
