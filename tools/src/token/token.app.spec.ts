import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApp, configFromEnv, type RunningIdentity } from '@steward/service-identity';
import { createTestDatabase, freePort, type TestDatabase } from '@steward/testing';
import { tokenCommand } from './command.js';
import { fetchClientToken, fetchToken } from './fetch-token.js';

const SECRET = 'partner-secret-of-the-test';

let database: TestDatabase;
let identity: RunningIdentity;
let folder: string;

const claims = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    sub: string;
    client_id: string;
  };

const startOn = (target: TestDatabase, port: number) =>
  createApp(
    configFromEnv({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      SERVICE_PORT: String(port),
      DATABASE_URL: target.appUrl,
      MIGRATION_URL: target.ownerUrl,
      DEMO_USERS: '[{"login":"eb1.clerk","displayName":"Chen Jing"}]',
      DEMO_PARTNER_SECRET: SECRET,
    }),
  );

beforeAll(async () => {
  database = await createTestDatabase('identity');
  identity = await startOn(database, 0);
  folder = await mkdtemp(join(tmpdir(), 'steward-token-'));
}, 60_000);

afterAll(async () => {
  await identity?.stop();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('fetching a token without a browser', () => {
  it('signs a demo user in', async () => {
    const token = await fetchToken({ issuer: identity.issuer, login: 'eb1.clerk', password: 'steward' });
    expect(claims(token)).toMatchObject({ sub: 'eb1.clerk', client_id: 'steward-cli', aud: 'platform-api' });
  });

  it('signs in through another public client', async () => {
    const signIn = {
      issuer: identity.issuer,
      login: 'eb1.clerk',
      password: 'steward',
      client: 'steward-web',
    };
    expect(claims(await fetchToken(signIn)).client_id).toBe('steward-web');
  });

  it('fetches a token of the partner', async () => {
    const token = await fetchClientToken({ issuer: identity.issuer, client: 'demo-partner', secret: SECRET });
    expect(claims(token).sub).toBe('demo-partner');
  });

  it('says in plain words what is wrong', async () => {
    const signIn = (changes: object) =>
      fetchToken({ issuer: identity.issuer, login: 'eb1.clerk', password: 'steward', ...changes });
    await expect(signIn({ password: 'wrong' })).rejects.toThrow(
      'Login "eb1.clerk" or its password is wrong.',
    );
    await expect(signIn({ client: 'nobody' })).rejects.toThrow('client is invalid');
    for (let i = 0; i < 2; i += 1)
      await expect(signIn({ login: 'eb7.nobody', password: 'x' })).rejects.toThrow('wrong');
    await expect(signIn({ login: 'eb7.nobody' })).rejects.toThrow('wrong');
    await expect(signIn({ login: 'eb7.nobody' })).rejects.toThrow('Too many attempts for "eb7.nobody"');
    const nothing = `http://127.0.0.1:${await freePort()}`;
    await expect(signIn({ issuer: nothing })).rejects.toThrow(
      `Nothing answers at ${nothing}. Is the platform running?`,
    );
    await expect(
      fetchClientToken({ issuer: identity.issuer, client: 'demo-partner', secret: 'wrong' }),
    ).rejects.toThrow('The issuer gave no token');
  });
});

describe('the token command', () => {
  const run = (...args: string[]) =>
    tokenCommand(args, { PLATFORM_DATA: folder, DEMO_PARTNER_SECRET: SECRET });

  it('says how to start the platform when none runs', async () => {
    await expect(run('eb1.clerk')).rejects.toThrow('The platform is not running');
  });

  it('finds the issuer that the runner wrote down and keeps the token for its owner only', async () => {
    await writeFile(join(folder, 'platform.json'), JSON.stringify({ gateway: 'x', issuer: identity.issuer }));
    const token = await run('eb1.clerk');
    expect(claims(token).sub).toBe('eb1.clerk');
    expect((await stat(join(folder, 'tokens.json'))).mode & 0o777).toBe(0o600);
    expect(await run('eb1.clerk')).toBe(token);
    expect(await run('eb1.clerk', '--fresh')).not.toBe(token);
    const partner = await run('--client', 'demo-partner');
    expect(claims(partner).sub).toBe('demo-partner');
    expect(
      Object.keys(JSON.parse(await readFile(join(folder, 'tokens.json'), 'utf8')) as object),
    ).toHaveLength(2);
  });

  it('reads the secret of the partner where the runner keeps it', async () => {
    await writeFile(join(folder, 'secrets.json'), JSON.stringify({ demoPartnerSecret: SECRET }));
    const token = await tokenCommand(['--client', 'demo-partner', '--fresh'], { PLATFORM_DATA: folder });
    expect(claims(token).sub).toBe('demo-partner');
  });

  it('fetches anew when the issuer has lost its keys', async () => {
    const kept = await run('eb1.clerk');
    const port = Number(new URL(identity.url).port);
    await identity.stop();
    await database.drop();
    database = await createTestDatabase('identity');
    identity = await startOn(database, port);
    expect(await run('eb1.clerk')).not.toBe(kept);
  });

  it('shows its usage for arguments that it does not know', async () => {
    await expect(run()).rejects.toThrow('usage:');
    await expect(run('a', 'b')).rejects.toThrow('usage:');
    await expect(run('--nonsense')).rejects.toThrow('usage:');
  });
});
