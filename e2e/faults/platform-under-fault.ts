import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ensureKafkaJars,
  eventually,
  freePort,
  startGuarded,
  startKafka,
  startPostgres,
} from '@steward/testing';
import {
  databaseName,
  environmentOf,
  loadDemoGroup,
  prepareDatabases,
  serviceProgram,
  SERVICES,
  type ServiceEntry,
  type ServiceName,
  type Surroundings,
} from '@steward/tools';
import pg from 'pg';
import { Supervised, type Exit } from './supervised.js';

export type Role = ServiceName | 'database' | 'broker';

/** Tokens live shortly, so that the issuer is needed all the time. */
const TOKEN_LIFETIME_SECONDS = '60';
const START_LIMIT_MS = 180_000;
export const PASSWORD = 'steward';

type Ports = Readonly<Record<Role, number>>;

/** The whole platform, each role in a process of its own that is started again whenever it ends. */
export class PlatformUnderFault {
  readonly exits: Exit[] = [];
  /** ids of the demo group's units by code */
  units: Readonly<Record<string, string>> = {};
  private readonly roles = new Map<Role, Supervised>();
  private adminUrl = '';
  private around!: Surroundings;

  private constructor(
    readonly folder: string,
    private readonly ports: Ports,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Starts it on free ports and fresh data, and loads the demo group; `env` goes to every service. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<PlatformUnderFault> {
    const folder = await mkdtemp(join(tmpdir(), 'steward-faults-'));
    mkdirSync(join(folder, 'logs'));
    const names: readonly Role[] = ['database', 'broker', ...SERVICES.map(({ name }) => name)];
    const ports = new Map<Role, number>();
    for (const name of names) ports.set(name, await freePort());
    const platform = new PlatformUnderFault(folder, Object.fromEntries(ports) as Ports, env);
    try {
      await platform.startAll();
    } catch (error) {
      await platform.stop();
      throw error;
    }
    return platform;
  }

  get gateway(): string {
    return this.around.gatewayUrl;
  }

  get issuer(): string {
    return this.around.issuer;
  }

  get brokers(): string {
    return this.around.brokers;
  }

  get auditKey(): string {
    return this.around.auditKey;
  }

  /** Sends a signal to the role's process and resolves when that process is gone; another is being started then. */
  strike(role: Role, signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<void> {
    return this.roles.get(role)!.strike(signal);
  }

  /** Kills the role's process and lets another one begin when `back` has come. */
  takeAway(role: Role, back: Promise<unknown>): Promise<void> {
    return this.roles.get(role)!.takeAway(back);
  }

  get partnerSecret(): string {
    return this.around.demoPartnerSecret;
  }

  /** Own SQL as the administrator, past row-level security, on a connection of its own. */
  async sql<Row extends object>(
    service: string,
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    const url = new URL(this.adminUrl);
    url.pathname = `/${databaseName(service)}`;
    const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<Row>(text, [...values])).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Ends every process; the folder with data, logs and ledger goes as well unless `keep` says otherwise. */
  async stop({ keep = false } = {}): Promise<void> {
    const engines: readonly Role[] = ['database', 'broker'];
    const part = (engine: boolean) =>
      Promise.all(
        [...this.roles].filter(([role]) => engines.includes(role) === engine).map(([, one]) => one.stop()),
      );
    await part(false);
    await part(true);
    if (!keep) await rm(this.folder, { recursive: true, force: true });
  }

  private async startAll(): Promise<void> {
    await Promise.all([this.startDatabase(), this.startBroker()]);
    await this.surround();
    await Promise.all(SERVICES.map((service) => this.startService(service)));
    await Promise.all(SERVICES.map(({ name }) => this.alive(name)));
    const { gatewayUrl, issuer } = this.around;
    this.units = await loadDemoGroup({ gatewayUrl, issuer, password: PASSWORD });
  }

  private startDatabase(): Promise<void> {
    return this.supervise('database', async () => {
      const dataDir = join(this.folder, 'postgres');
      const engine = await startPostgres({ dataDir, port: this.ports.database });
      this.adminUrl = engine.url;
      return engine;
    });
  }

  private async startBroker(): Promise<void> {
    const libDir = await ensureKafkaJars();
    const dataDir = join(this.folder, 'kafka');
    await this.supervise('broker', () =>
      startKafka({ dataDir, libDir, port: this.ports.broker, quickStart: true }),
    );
  }

  private startService(service: ServiceEntry): Promise<void> {
    const env = environmentOf(service, this.around);
    return this.supervise(service.name, () =>
      Promise.resolve(
        startGuarded({
          command: [process.execPath, '--disable-warning=ExperimentalWarning', serviceProgram(service.name)],
          signal: 'TERM',
          graceSeconds: 20,
          pidFile: join(this.folder, `${service.name}.pid`),
          logFile: join(this.folder, 'logs', `${service.name}.log`),
          env: { ...env, NODE_COMPILE_CACHE: join(this.folder, 'code') },
        }),
      ),
    );
  }

  private async alive(service: ServiceName): Promise<void> {
    const url = `http://127.0.0.1:${this.ports[service]}/health/live`;
    await eventually(async () => (await fetch(url)).ok, { timeoutMs: START_LIMIT_MS, intervalMs: 200 });
  }

  private async supervise(role: Role, launch: ConstructorParameters<typeof Supervised>[1]): Promise<void> {
    const supervised = new Supervised(role, launch, (exit) => this.exits.push(exit));
    this.roles.set(role, supervised);
    await supervised.start();
  }

  private async surround(): Promise<void> {
    const { ports } = this;
    const owning = SERVICES.filter(({ ownsDatabase }) => ownsDatabase).map(({ name }) => name);
    const passwords = new Map<string, string>();
    const passwordOf = (role: string) => {
      const password = passwords.get(role) ?? randomBytes(18).toString('base64url');
      passwords.set(role, password);
      return password;
    };
    this.around = {
      env: { ...inherited(), LOG_LEVEL: 'warn', TOKEN_LIFETIME_SECONDS, ...this.env },
      ports,
      databases: await prepareDatabases(this.adminUrl, owning, passwordOf),
      host: '127.0.0.1',
      gatewayUrl: `http://127.0.0.1:${ports.gateway}`,
      issuer: `http://127.0.0.1:${ports.identity}`,
      brokers: `127.0.0.1:${ports.broker}`,
      auditKey: randomBytes(24).toString('base64url'),
      demoPartnerSecret: randomBytes(24).toString('base64url'),
    };
  }
}

/** The parts of our surroundings that a service may see: nothing that would lead it to other engines. */
function inherited(): Record<string, string | undefined> {
  const { PATH, HOME, TZ, LANG } = process.env;
  return { PATH, HOME, TZ, LANG };
}
