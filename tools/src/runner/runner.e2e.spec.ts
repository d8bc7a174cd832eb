import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, freePort } from '@steward/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { API_SERVICE_NAMES } from '../api-services.js';
import { fetchToken } from '../token/fetch-token.js';
import type { PlatformFile } from './state.js';

const REPOSITORY = resolve(import.meta.dirname, '../../..');
const LIMIT = 240_000;

/** `npm start` without npm: the script that npm calls. */
class StartedPlatform {
  output = '';
  private readonly child: ChildProcess;

  constructor(dataDir: string, port: number, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn('node', [join(REPOSITORY, 'tools/bin/start.mjs'), ...args], {
      env: { ...process.env, NODE_OPTIONS: '', PLATFORM_DATA: dataDir, PORT: String(port), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
  }

  ready(): Promise<unknown> {
    return eventually(
      () => {
        if (this.child.exitCode !== null) throw new Error(`it ended:\n${this.output}`);
        return this.output.includes('Steward is ready') || Promise.reject(new Error(this.output));
      },
      { timeoutMs: 180_000, intervalMs: 100 },
    );
  }

  /** Ctrl-C reaches every process of the terminal's group. */
  ctrlC = () => process.kill(-this.child.pid!, 'SIGINT');
  kill = () => this.child.kill('SIGKILL');
  ended = async (): Promise<number | null> => {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  };
}

/** Processes that have the folder on their command line or keep a file in it open: engines, guards, services. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(
      (pid) =>
        reads(pid, 'cmdline').includes(folder) || reads(pid, 'environ').includes(`PLATFORM_DATA=${folder}`),
    )
    .map((pid) => reads(pid, 'cmdline').replaceAll('\0', ' ').slice(0, 120));
}

/** A guard's last breath may take a moment. */
const nothingLeftIn = (folder: string, timeoutMs = 3_000) =>
  eventually(
    () => {
      const left = processesOf(folder);
      return left.length === 0 || Promise.reject(new Error(`still there: ${left.join(' | ')}`));
    },
    { timeoutMs },
  );

function reads(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

// a machine that runs its tests on containers need not have Java
const withJava = process.env.TEST_ENV === 'containers' ? describe.skip : describe;

withJava('npm start', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'steward-start-'));
  let port: number;
  let platform: StartedPlatform | undefined;
  beforeAll(async () => {
    port = await freePort();
  });
  afterEach(async () => {
    platform?.kill();
    await nothingLeftIn(dataDir, 60_000);
  }, LIMIT);
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  const running = () => JSON.parse(readFileSync(join(dataDir, 'platform.json'), 'utf8')) as PlatformFile;
  const ask = async (path: string, login: string) => {
    const { gateway, issuer } = running();
    const token = await fetchToken({ issuer, login, password: 'steward' });
    const answer = await fetch(`${gateway}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
    return { status: answer.status, body: (await answer.json()) as { items: unknown[]; grants: unknown[] } };
  };

  it(
    'brings up everything, loads the demo group, and stops on Ctrl-C without leaving a process',
    async () => {
      platform = new StartedPlatform(dataDir, port);
      await platform.ready();
      expect(running().gateway).toBe(`http://127.0.0.1:${port}`);
      expect((await fetch(`${running().gateway}/health/ready`)).status).toBe(200);
      const units = await ask('/units?limit=50', 'hq.admin');
      expect(units.body.items).toHaveLength(15);
      const me = await ask('/me', 'eb1.clerk');
      expect(me.body.grants).toMatchObject([{ role: 'cs-agent', level: 'branch' }]);
      expect(platform.output).toContain('curl -s');
      platform.ctrlC();
      await expect(platform.ended()).resolves.toBe(0);
      await nothingLeftIn(dataDir);
      expect(existsSync(join(dataDir, 'platform.json'))).toBe(false);
    },
    LIMIT,
  );

  it(
    'keeps its data over a SIGKILL of everything, which leaves no process either',
    async () => {
      platform = new StartedPlatform(dataDir, port);
      await platform.ready();
      expect(platform.output).not.toContain('demo group');
      const employees = (await ask('/employees?limit=100', 'hq.admin')).body.items.length;
      const runner = running().pid;
      platform.kill();
      process.kill(runner, 'SIGKILL');
      await nothingLeftIn(dataDir, 60_000);
      platform = new StartedPlatform(dataDir, port);
      await platform.ready();
      expect((await ask('/employees?limit=100', 'hq.admin')).body.items).toHaveLength(employees);
    },
    LIMIT,
  );

  it(
    'stops when only its outermost process is killed',
    async () => {
      platform = new StartedPlatform(dataDir, port);
      await platform.ready();
      platform.kill();
      await nothingLeftIn(dataDir, 60_000);
    },
    LIMIT,
  );

  it(
    'refuses a port that is taken in plain words',
    async () => {
      platform = new StartedPlatform(dataDir, port);
      await platform.ready();
      const second = new StartedPlatform(dataDir, port);
      await expect(second.ended()).resolves.toBe(1);
      expect(second.output).toMatch(`Port ${port} of 127.0.0.1 is taken`);
      const third = new StartedPlatform(dataDir, await freePort());
      await expect(third.ended()).resolves.toBe(1);
      expect(third.output).toMatch(/is in use by process \d+; stop that one first/);
    },
    LIMIT,
  );
});

withJava('npm start -- --processes on a PostgreSQL of one’s own', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'steward-start-'));
  const adminUrl = process.env.STEWARD_TEST_ADMIN_URL!;
  afterAll(async () => {
    await nothingLeftIn(dataDir, 60_000);
    const admin = new pg.Client({ connectionString: adminUrl });
    await admin.connect();
    for (const name of ['identity', ...API_SERVICE_NAMES].map((service) => `steward_${service}`)) {
      await admin.query(`drop database if exists ${name} with (force)`);
      for (const role of ['owner', 'app', 'worker']) await admin.query(`drop role if exists ${name}_${role}`);
    }
    await admin.end();
    rmSync(dataDir, { recursive: true, force: true });
  }, LIMIT);

  it(
    'names the service that crashed, stops the others and ends non-zero',
    async () => {
      const platform = new StartedPlatform(dataDir, await freePort(), ['--processes'], {
        DATABASE_URL: adminUrl,
      });
      await platform.ready();
      expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
      process.kill(Number(readFileSync(join(dataDir, 'processes/tickets.pid'), 'utf8')), 'SIGKILL');
      await expect(platform.ended()).resolves.toBe(1);
      expect(platform.output).toContain('tickets ended (exit 137)');
      await nothingLeftIn(dataDir);
    },
    LIMIT,
  );
});
