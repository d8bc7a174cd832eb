import { Global, Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '@steward/kernel';
import {
  createTestDatabase,
  eventually,
  type TestDatabase,
  startTestIssuer,
  type TestIssuer,
} from '@steward/testing';
import { ThingKind, Things1700000000900 } from '../../test/imports.fixture.js';
import { parseConfig, platformConfig, platformEnv } from '../config.js';
import type { Grant } from '../context.js';
import { PlatformModule } from '../platform.module.js';
import { createService, type RunningService } from '../service.js';
import { ACCESS_DIRECTORY } from '../tokens.js';
import { BRANCH_LOOKUP } from './import-kind.js';
import { ImportModule } from './import.module.js';
import { importMigrations } from './import-tables.migration.js';
import type { JobView } from './job-view.js';

const EB1 = newId();
const EB2 = newId();
const grants: Record<string, Grant[]> = {
  'eb1.clerk': [{ role: 'cs-agent', level: 'branch', units: [EB1], refs: [EB1] }],
  'eb2.clerk': [{ role: 'cs-agent', level: 'branch', units: [EB2], refs: [EB2] }],
  'eb1.engineer': [{ role: 'engineer', level: 'branch', units: [EB1], refs: [EB1] }],
  'hq.admin': [{ role: 'hq-admin', level: 'group', units: '*', refs: '*' }],
};
const codes: Record<string, string> = { EB1, EB2 };

@Global()
@Module({
  providers: [
    {
      provide: ACCESS_DIRECTORY,
      useValue: { grantsOf: (subject: string) => Promise.resolve(grants[subject] ?? []) },
    },
    {
      provide: BRANCH_LOOKUP,
      useValue: {
        byCode: (code: string) =>
          Promise.resolve(codes[code] && { branchId: codes[code], timeZone: 'Asia/Shanghai' }),
      },
    },
  ],
  exports: [ACCESS_DIRECTORY, BRANCH_LOOKUP],
})
class Directory {}

jest.setTimeout(60_000);

let db: TestDatabase;
let issuer: TestIssuer;
let service: RunningService;

async function start(): Promise<RunningService> {
  const config = platformConfig(
    parseConfig(platformEnv, {
      ...{ NODE_ENV: 'test', LOG_LEVEL: 'silent', OIDC_ISSUER: issuer.url, KAFKA_BROKERS: '127.0.0.1:1' },
      ...{
        DATABASE_URL: db.appUrl,
        WORKER_DATABASE_URL: db.workerUrl,
        MIGRATION_URL: db.ownerUrl,
        AUDIT_KEY: 'k'.repeat(32),
      },
    }),
  );
  @Module({
    imports: [
      PlatformModule.forRoot(config, {
        service: 'things',
        migrations: [...importMigrations, Things1700000000900],
      }),
      Directory,
      ImportModule.forRoot({
        service: 'things',
        kinds: [ThingKind],
        limits: { maxCsvBytes: 3_000_000, maxXlsxBytes: 1_000_000, pollMs: 100 },
      }),
    ],
  })
  class Things {}
  const openapi = { title: 'Things', description: 'Things of a branch' };
  return createService({ name: 'things', version: '1.0.0', module: Things, openapi }, config);
}

beforeAll(async () => {
  db = await createTestDatabase('importsapp');
  issuer = await startTestIssuer();
  service = await start();
}, 120_000);

afterAll(async () => {
  await service.stop();
  await issuer.close();
  await db.drop();
});

type Options = {
  user?: string;
  fields?: Record<string, string>;
  headers?: Record<string, string>;
  query?: string;
};

async function upload(content: string, options: Options = {}): Promise<Response> {
  const { user = 'eb1.clerk', fields = { branch: 'EB1' }, headers = {}, query = 'kind=things' } = options;
  const form = new FormData();
  // The fields stand behind the file, where a server is tempted to overlook them.
  form.set('file', new Blob([content]), 'things.csv');
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const authorization = `Bearer ${issuer.token(user)}`;
  return fetch(`${service.url}/api/v1/imports?${query}`, {
    method: 'POST',
    body: form,
    headers: { authorization, ...headers },
  });
}

async function get<T = JobView>(
  path: string,
  user = 'eb1.clerk',
  method = 'GET',
): Promise<{ status: number; body: T; headers: Headers }> {
  const authorization = `Bearer ${issuer.token(user)}`;
  const answer = await fetch(service.url + path, { method, headers: { authorization } });
  return { status: answer.status, body: (await answer.json()) as T, headers: answer.headers };
}

const ended = (location: string): Promise<JobView> =>
  eventually(async () => {
    const { body } = await get(location);
    return ['done', 'failed'].includes(body.state) ? body : undefined;
  });

const rows = (count: number): string =>
  `externalId,title\n${Array.from({ length: count }, (_, i) => `${i},Title ${i}`).join('\n')}\n`;

describe('POST /api/v1/imports', () => {
  it('answers 202 with the job and where to look, and the file comes in', async () => {
    const answer = await upload(`${rows(20)}x,\n`, { fields: { branch: 'EB1', source: 'list' } });
    expect(answer.status).toBe(202);
    const job = (await answer.json()) as JobView;
    expect(job).toMatchObject({
      kind: 'things',
      state: 'uploaded',
      source: 'list',
      branch: 'EB1',
      startedBy: 'eb1.clerk',
      actions: ['cancel'],
    });
    expect(job.id).toMatch(/^things-[0-9a-f-]{36}$/);
    const location = answer.headers.get('location')!;
    expect(location).toBe(`/api/v1/imports/${job.id}`);
    const done = await ended(location);
    expect(done).toMatchObject({
      state: 'done',
      rows: { read: 21, created: 20, rejected: 1 },
      actions: [],
      progress: { share: 1 },
    });
    const rejected = await get<{ items: unknown[]; next: null }>(`${location}/rows?state=rejected`);
    expect(rejected.body).toEqual({
      items: [
        {
          rowNumber: 22,
          state: 'rejected',
          field: 'title',
          code: 'import.required',
          detail: expect.any(String),
          raw: 'x,',
        },
      ],
      next: null,
    });
  });

  it('honours the Idempotency-Key', async () => {
    const headers = { 'idempotency-key': newId() };
    const [first, second] = [await upload(rows(3), { headers }), await upload(rows(3), { headers })];
    expect(((await second.json()) as JobView).id).toBe(((await first.json()) as JobView).id);
    const other = await upload(rows(4), { headers });
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([
      422,
      'idempotency.key-reused',
    ]);
  });

  it.each<[string, Options & { content?: string }, number, string]>([
    ['an unknown kind', { query: 'kind=nothing' }, 400, 'import.unknown-kind'],
    ['no kind', { query: '' }, 400, 'request.invalid-query'],
    ['a role that may not import', { user: 'eb1.engineer' }, 403, 'access.role-missing'],
    ['a foreign branch', { fields: { branch: 'EB2' } }, 400, 'import.unknown-branch'],
    ['an unknown branch', { fields: { branch: 'XX' } }, 400, 'import.unknown-branch'],
    ['an unknown field', { fields: { brnach: 'EB1' } }, 400, 'import.invalid-options'],
    ['a mapping that is no JSON', { fields: { mapping: '{' } }, 400, 'import.invalid-mapping'],
    ['a file beyond the limit', { content: 'x'.repeat(3_100_000) }, 422, 'import.file-too-large'],
  ])('refuses %s', async (_, { content = rows(1), ...options }, status, code) => {
    const answer = await upload(content, options);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('refuses other bodies, and no token', async () => {
    const url = `${service.url}/api/v1/imports?kind=things`;
    const authorization = `Bearer ${issuer.token('eb1.clerk')}`;
    const json = await fetch(url, {
      method: 'POST',
      body: '{}',
      headers: { authorization, 'content-type': 'application/json' },
    });
    expect(json.status).toBe(415);
    const cut = await fetch(url, {
      method: 'POST',
      body: '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nab',
      headers: { authorization, 'content-type': 'multipart/form-data; boundary=b' },
    });
    expect(cut.status).toBe(400);
    const bare = await fetch(url, { method: 'POST', body: new FormData() });
    expect(bare.status).toBe(401);
  });
});

describe('imports of others', () => {
  it('ORG-01 are not found from another branch or role, and seen from above', async () => {
    const job = (await (await upload(rows(2))).json()) as JobView;
    const path = `/api/v1/imports/${job.id}`;
    for (const user of ['eb2.clerk', 'eb1.engineer']) {
      expect((await get(path, user)).status).toBe(404);
      expect((await get(`${path}/rows`, user)).status).toBe(404);
      expect((await get(`${path}/cancellation`, user, 'POST')).status).toBe(404);
      expect((await get<{ items: unknown[] }>('/api/v1/imports', user)).body.items).toEqual([]);
    }
    expect((await get(path, 'hq.admin')).status).toBe(200);
    const list = await get<{ items: JobView[]; next: string | null }>('/api/v1/imports?limit=1', 'hq.admin');
    expect(list.body.items[0]!.id).toBe(job.id);
    const next = await get<{ items: JobView[] }>(
      `/api/v1/imports?limit=1&after=${list.body.next}`,
      'hq.admin',
    );
    expect(next.body.items[0]!.id).not.toBe(job.id);
    await ended(path);
    expect(
      (await get<{ code: string } & JobView>(`${path}/cancellation`, 'eb1.clerk', 'POST')).body.code,
    ).toBe('import.already-ended');
  });

  it('a bad id or cursor is answered with a problem', async () => {
    expect((await get('/api/v1/imports/things-1')).status).toBe(404);
    expect((await get('/api/v1/imports/tickets-0198c0de-0000-7000-8000-000000000001')).status).toBe(404);
    const job = (await (await upload(rows(1))).json()) as JobView;
    expect(await get(`/api/v1/imports/${job.id}/rows?after=zzz`)).toMatchObject({
      status: 400,
      body: { code: 'list.bad-cursor', errors: [{ path: 'after', code: 'bad-cursor' }] },
    });
    expect((await get('/api/v1/imports?kin=things')).status).toBe(400);
  });
});

describe('a restart', () => {
  it('takes up jobs that were left', async () => {
    const job = (await (await upload(rows(3000))).json()) as JobView;
    await service.stop();
    service = await start();
    expect(await ended(`/api/v1/imports/${job.id}`)).toMatchObject({ state: 'done', rows: { read: 3000 } });
  }, 60_000);
});

describe('the document', () => {
  it('describes the routes', async () => {
    const { paths } = (await (await fetch(`${service.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    expect(Object.keys(paths['/api/v1/imports']!).sort()).toEqual(['get', 'post']);
    expect(JSON.stringify(paths['/api/v1/imports']!['post'])).toContain('multipart/form-data');
  });
});
