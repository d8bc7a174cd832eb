import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@steward/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { megabytesOf, whileFrozen } from '../test/frozen.js';
import { PlatformUnderTest } from '../test/platform-under-test.js';

type Answer = Readonly<{ status: number; code?: string; retryAfter: string | null }>;

const LONG = { timeoutMs: 120_000, intervalMs: 250 };
let platform: PlatformUnderTest;
let branchId: string;
const tokens: Record<string, string> = {};

/** One request to the gateway, or to a service behind it; never throws for a status. */
async function ask(
  login: string,
  path: string,
  body?: object,
  base = platform.addresses.gateway,
): Promise<Answer> {
  const response = await fetch(`${base}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${tokens[login]!}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const { code } = (await response.json()) as { code?: string };
  return {
    status: response.status,
    ...(code ? { code } : {}),
    retryAfter: response.headers.get('retry-after'),
  };
}

const service = (name: string): string => platform.addresses.services[name]!;
const complaint = () => ({ branchId, kind: 'complaint', channel: 'hotline', content: 'Noise at night.' });
const register = (base?: string) => ask('eb1.clerk', '/tickets', complaint(), base);
const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const statusesOf = (answers: readonly Answer[]): number[] =>
  [...new Set(answers.map(({ status }) => status))].sort();
const sayWhen = (answers: readonly Answer[]): boolean =>
  answers.every(({ status, retryAfter }) => status < 400 || Number(retryAfter) > 0);

async function received(): Promise<number> {
  const hq = await platform.as('hq.auditor');
  const figures = await hq.get<{ total: Record<string, number> }>('/figures/tickets');
  return figures.total['received']!;
}

/** Whether headquarters counts every ticket that there is. */
async function allCounted(): Promise<boolean> {
  const hq = await platform.as('hq.auditor');
  return (await received()) === (await hq.all('/tickets')).length;
}

async function ready(name: string): Promise<boolean> {
  const response = await fetch(`${service(name)}/health/ready`);
  await response.body?.cancel();
  return response.ok;
}

async function circuitOf(name: string): Promise<string> {
  const response = await fetch(`${platform.addresses.gateway}/health/services`);
  const { services } = (await response.json()) as { services: Record<string, { circuit: string }> };
  return services[name]!.circuit;
}

beforeAll(async () => {
  platform = await PlatformUnderTest.create();
  await platform.start('--processes');
  for (const login of ['eb1.clerk', 'eb2.clerk', 'hq.auditor', 'hq.admin'])
    tokens[login] = await platform.token(login);
  const clerk = await platform.as('eb1.clerk');
  branchId = (await clerk.all<{ id: string; code: string }>('/units')).find(({ code }) => code === 'EB1')!.id;
}, 180_000);
afterAll(async () => {
  await platform?.remove();
}, 60_000);

describe('a neighbour that stands still', () => {
  it('is given up at the deadline and then left alone, while the others and open streams go on; and is back by itself', async () => {
    const leaving = new AbortController();
    const stream = await fetch(`${platform.addresses.gateway}/api/v1/stream`, {
      headers: { authorization: `Bearer ${tokens['hq.auditor']!}` },
      signal: leaving.signal,
    });
    let told = '';
    const reading = (async () => {
      for await (const chunk of stream.body!) told += Buffer.from(chunk as Uint8Array).toString();
    })().catch(() => undefined);

    await whileFrozen(platform, 'tickets', async () => {
      let answered = 0;
      const hanging = times(6, async (index) => {
        const answer = await (index === 0 ? register() : ask('eb1.clerk', '/tickets'));
        answered += 1;
        return answer;
      });
      expect(await ask('eb1.clerk', '/units')).toMatchObject({ status: 200 });
      expect(await ask('hq.auditor', '/figures/tickets')).toMatchObject({ status: 200 });
      const site = { kind: 'site', parentId: branchId, code: 'NEIGH', name: 'A new site' };
      expect(await ask('hq.admin', '/units', site)).toMatchObject({ status: 201 });
      await eventually(() => told.includes('organisation.unit-registered'));
      expect(answered).toBe(0);

      const answers = await hanging;
      expect([...new Set(answers.map(({ status, code }) => `${status} ${code}`))].sort()).toEqual(
        expect.arrayContaining(['504 gateway.timeout']),
      );
      expect(statusesOf(answers).filter((status) => status !== 504 && status !== 503)).toEqual([]);
      expect(sayWhen(answers)).toBe(true);
      expect(await circuitOf('tickets')).not.toBe('closed');
      expect(await ask('eb1.clerk', '/units')).toMatchObject({ status: 200 });
    });
    await eventually(async () => (await ask('eb1.clerk', '/tickets')).status === 200, LONG);
    await eventually(async () => (await circuitOf('tickets')) === 'closed');
    leaving.abort();
    await reading;
  }, 120_000);

  it('insights holds up no ticket, and counts what came meanwhile', async () => {
    const before = await received();
    await whileFrozen(platform, 'insights', async () => {
      const answers = await times(5, () => register());
      expect(statusesOf(answers)).toEqual([201]);
    });
    await eventually(allCounted, LONG);
    expect(await received()).toBeGreaterThanOrEqual(before + 4);
  }, 180_000);

  it('Kafka holds up no command: readiness tells it, and everything is published when it goes on', async () => {
    const before = await received();
    await whileFrozen(platform, 'kafka', async () => {
      for (let i = 0; i < 3; i += 1) expect(await register()).toMatchObject({ status: 201 });
      await eventually(async () => !(await ready('tickets')), LONG);
      expect(await register()).toMatchObject({ status: 201 });
      expect(await ask('eb1.clerk', '/tickets')).toMatchObject({ status: 200 });
    });
    await eventually(allCounted, LONG);
    expect(await received()).toBeGreaterThanOrEqual(before + 4);
    await eventually(() => ready('tickets'), LONG);
  }, 300_000);

  it('PostgreSQL makes services answer 503 and say when to come again, and all is well when it goes on', async () => {
    await whileFrozen(platform, 'postgres', async () => {
      const direct = await Promise.all([
        register(service('tickets')),
        ask('eb1.clerk', '/tickets', undefined, service('tickets')),
        ask('eb1.clerk', '/units', undefined, service('organisation')),
      ]);
      expect(statusesOf(direct)).toEqual([503]);
      expect(sayWhen(direct)).toBe(true);
      const through = await times(12, () => ask('eb1.clerk', '/tickets'));
      expect(statusesOf(through).filter((status) => status !== 503 && status !== 504)).toEqual([]);
      expect(sayWhen(through)).toBe(true);
      expect(await ready('tickets')).toBe(false);
      expect((await fetch(`${platform.addresses.gateway}/health/ready`)).status).toBe(200);
    });
    await eventually(async () => (await ask('eb1.clerk', '/tickets')).status === 200, LONG);
    expect(await register()).toMatchObject({ status: 201 });
    await eventually(() => ready('tickets'), LONG);
  }, 180_000);

  it('a table that is locked makes its routes answer 503, the others go on', async () => {
    const ports = JSON.parse(readFileSync(join(platform.folder, 'ports.json'), 'utf8')) as {
      postgres: number;
    };
    const password = readFileSync(join(platform.folder, 'postgres/admin-password'), 'utf8').trim();
    const admin = new pg.Client({
      host: '127.0.0.1',
      port: ports.postgres,
      user: 'postgres',
      password,
      database: 'steward_tickets',
    });
    await admin.connect();
    await admin.query('begin; lock table ticket in access exclusive mode');
    const hanging = times(20, (index) =>
      ask(index % 2 ? 'eb1.clerk' : 'eb2.clerk', '/tickets', undefined, service('tickets')),
    );
    expect(await ask('eb1.clerk', '/units')).toMatchObject({ status: 200 });
    const answers = await hanging;
    expect([...new Set(answers.map(({ status, code }) => `${status} ${code}`))]).toEqual([
      '503 database.busy',
    ]);
    expect(sayWhen(answers)).toBe(true);
    await admin.query('rollback');
    await admin.end();
    expect(await ask('eb1.clerk', '/tickets')).toMatchObject({ status: 200 });
  }, 120_000);
});

describe('more than it can take', () => {
  it('one caller`s burst does not keep another from being answered, at real services', async () => {
    let left = 400;
    const burst = times(400, async () => {
      const answer = await ask('eb1.clerk', '/tickets');
      left -= 1;
      return answer;
    });
    let besides = 0;
    for (let i = 0; i < 15; i += 1) {
      if (left > 0) besides += 1;
      expect(await ask('eb2.clerk', '/tickets')).toMatchObject({ status: 200 });
    }
    expect(besides).toBeGreaterThan(0);
    const answers = await burst;
    expect(statusesOf(answers).filter((status) => ![200, 429, 503].includes(status))).toEqual([]);
    expect(sayWhen(answers)).toBe(true);
  }, 120_000);

  it('a service without its gateway sheds what it cannot take, in bounded memory, and is itself again at once', async () => {
    const base = service('tickets');
    const commands = await times(1200, (index) =>
      index % 2 ? register(base) : ask('eb2.clerk', '/tickets?limit=200', undefined, base),
    );
    expect(statusesOf(commands).filter((status) => ![200, 201, 503].includes(status))).toEqual([]);
    expect(statusesOf(commands)).toContain(503);
    expect(sayWhen(commands)).toBe(true);
    expect(megabytesOf(platform, 'tickets')).toBeLessThan(768);
    for (let i = 0; i < 10; i += 1)
      expect((await ask('eb1.clerk', '/tickets', undefined, base)).status).toBe(200);
    expect((await register()).status).toBe(201);
  }, 120_000);
});
