import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually, freePort } from '@steward/testing';
import { ApiClient, fetchToken } from '@steward/tools';

export const REPOSITORY = resolve(import.meta.dirname, '../..');
const READY_MS = 240_000;

type Addresses = { pid: number; gateway: string; issuer: string; services: Record<string, string> };

/** The whole platform as `npm start` runs it, from a state folder of its own, looked at from outside only. */
export class PlatformUnderTest {
  private child: ChildProcess | undefined;
  private output = '';

  private constructor(
    readonly folder: string,
    private readonly port: number,
    private readonly repository: string,
  ) {}

  static async create(repository = REPOSITORY): Promise<PlatformUnderTest> {
    return new PlatformUnderTest(await mkdtemp(join(tmpdir(), 'steward-e2e-')), await freePort(), repository);
  }

  /** Starts it and waits until it says that it is ready. */
  async start(...args: string[]): Promise<void> {
    const {
      DATABASE_URL: _1,
      KAFKA_BROKERS: _2,
      OIDC_ISSUER: _3,
      NODE_OPTIONS: _4,
      NODE_ENV: _5,
      ...rest
    } = process.env;
    const env = { ...rest, PLATFORM_DATA: this.folder, PORT: String(this.port), LOG_LEVEL: 'error' };
    this.output = '';
    const child = spawn(process.execPath, [join(this.repository, 'tools/dist/start.js'), ...args], {
      env,
      stdio: 'pipe',
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child = child;
    await eventually(
      () => {
        if (child.exitCode !== null || child.signalCode !== null) return true;
        if (this.output.includes('is ready')) return true;
        throw new Error(`it said: ${this.output.slice(-2000)}`);
      },
      { timeoutMs: READY_MS, intervalMs: 200 },
    );
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`it did not start: ${this.output}`);
  }

  /** Ends it as Ctrl-C does, or as a power cut does; resolves when the process is gone. Gives its exit code. */
  async end(signal: 'SIGINT' | 'SIGKILL'): Promise<number | null> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((done) => child.once('exit', done));
    child.kill(signal);
    return gone;
  }

  async remove(): Promise<void> {
    await this.end('SIGINT');
    await rm(this.folder, { recursive: true, force: true });
  }

  get addresses(): Addresses {
    return JSON.parse(readFileSync(join(this.folder, 'platform.json'), 'utf8')) as Addresses;
  }

  async token(login: string): Promise<string> {
    return fetchToken({ issuer: this.addresses.issuer, login, password: 'steward' });
  }

  async as(login: string): Promise<ApiClient> {
    return new ApiClient(`${this.addresses.gateway}/api/v1`, await this.token(login));
  }
}
