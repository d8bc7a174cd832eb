import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ensureKafkaJars,
  eventually,
  freePort,
  makeTestCertificate,
  startGuarded,
  startKafka,
  startPostgres,
  type GuardedProcess,
  type TestCertificate,
} from '@steward/testing';
import {
  databaseName,
  environmentOf,
  loadDemoGroup,
  prepareDatabases,
  serviceProgram,
  SERVICES,
  type DatabaseUrls,
  type ServiceEntry,
  type ServiceName,
  type Surroundings,
} from '@steward/tools';
import pg from 'pg';
import { Balancer } from './balancer.js';
import { SmallDisk } from './small-disk.js';
import { Supervised, type Exit } from './supervised.js';
import { toldAt, type Told } from './told.js';

export type Role = ServiceName | 'database' | 'broker';

/** What the platform has to be started with so that a fault can strike. */
export type Needs = Readonly<{
  /** processes of each service behind one address; 1 when left out */
  copies?: number;
  /** PostgreSQL lies on a disk of its own with so many MiB */
  databaseMiB?: number;
  /** the clock of each service can be moved */
  clocks?: boolean;
  /** the broker has a second listener with encryption and logins */
  guardedBroker?: boolean;
}>;

/** A process beside the platform, which nobody starts again. */
export type Stray = Readonly<{ process: GuardedProcess; port: number; log(): Promise<string> }>;

type Copy = Readonly<{ name: string; port: number; process: Supervised }>;

/** Tokens live shortly, so that the issuer is needed all the time. */
const TOKEN_LIFETIME_SECONDS = '60';
/** the last head of an audit chain goes out so long after the chain fell quiet */
const AUDIT_HEADS_EVERY_S = '10';
const START_LIMIT_MS = 180_000;
const HOST = '127.0.0.1';
const SHIFTED_CLOCK = join(serviceProgram('gateway'), '../../../../e2e/dist/faults/fault/shifted-clock.js');
export const PASSWORD = 'steward';
/** who may come in by the guarded listener */
export const BROKER_LOGIN = { username: 'steward', password: 'tests-only' } as const;

type Ports = Readonly<Record<Role, number>>;
const isEngine = (role: Role): role is 'database' | 'broker' => role === 'database' || role === 'broker';

/** The whole platform, each role in processes of its own that are started again whenever they end. */
export class PlatformUnderFault {
  readonly exits: Exit[] = [];
  /** ids of the demo group's units by code */
  units: Readonly<Record<string, string>> = {};
  /** when the people of the demo group had their roles (of `performance.now`) */
  rolesGivenAt = 0;
  /** keys of messages that a fault put into topics: no event of the platform's has them */
  readonly planted = new Set<string>();
  /** topics that a fault emptied */
  readonly emptied = new Set<string>();
  /** `host:port` of the guarded listener, and who vouches for it */
  guarded: Readonly<{ brokers: string; certificate: TestCertificate }> | undefined;
  private readonly roles = new Map<Role, Copy[]>();
  private readonly own = new Map<ServiceName, number[]>();
  private readonly balancers = new Map<Role, Balancer>();
  private disk: SmallDisk | undefined;
  private adminUrl = '';
  private around!: Surroundings;

  private constructor(
    readonly folder: string,
    private readonly ports: Ports,
    private readonly env: Readonly<Record<string, string>>,
    private readonly needs: Needs,
  ) {}

  /** Starts it on free ports and fresh data, and loads the demo group; `env` goes to every service. */
  static async start(
    env: Readonly<Record<string, string>> = {},
    needs: Needs = {},
  ): Promise<PlatformUnderFault> {
    const folder = await mkdtemp(join(tmpdir(), 'steward-faults-'));
    mkdirSync(join(folder, 'logs'));
    const names: readonly Role[] = ['database', 'broker', ...SERVICES.map(({ name }) => name)];
    const ports = new Map<Role, number>();
    for (const name of names) ports.set(name, await freePort());
    const platform = new PlatformUnderFault(folder, Object.fromEntries(ports) as Ports, env, needs);
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

  get partnerSecret(): string {
    return this.around.demoPartnerSecret;
  }

  /** The small disk that PostgreSQL lies on. */
  get databaseDisk(): SmallDisk {
    return this.disk!;
  }

  /** How many processes a role has. */
  copiesOf(role: Role): number {
    return this.roles.get(role)!.length;
  }

  /** Sends a signal to a process of the role and resolves when it is gone; another is being started then. */
  strike(role: Role, signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT', copy = 0): Promise<void> {
    return this.copy(role, copy).process.strike(signal);
  }

  /** Kills the role's processes and lets others begin when `back` has come. */
  async takeAway(role: Role, back: Promise<unknown>): Promise<void> {
    await Promise.all(this.roles.get(role)!.map(({ process }) => process.takeAway(back)));
  }

  standStill(role: Role, copy = 0): void {
    this.copy(role, copy).process.standStill();
  }

  goOn(role: Role, copy = 0): void {
    this.copy(role, copy).process.goOn();
  }

  /** Whether the role may end by itself for now. */
  mayEnd(role: Role, may: boolean): void {
    for (const { process } of this.roles.get(role)!) process.mayEnd = may;
  }

  /** Ends one copy in an orderly way after new connections go elsewhere; resolves when the next one is ready. */
  async replace(role: ServiceName, copy: number): Promise<void> {
    const { port, process } = this.copy(role, copy);
    this.balancers.get(role)?.takePart(port, false);
    await process.strike('SIGTERM');
    await eventually(async () => (await this.told(role, copy)).status === 200, { timeoutMs: START_LIMIT_MS });
    this.balancers.get(role)?.takePart(port, true);
  }

  /** What a copy of a service says at `/health/ready`. */
  async told(role: ServiceName, copy = 0): Promise<Told> {
    return toldAt(this.copy(role, copy).port);
  }

  /** Resolves when every copy of every service says that it is ready; throws what they say otherwise. */
  async allReady(): Promise<void> {
    let last = '';
    const look = async (): Promise<boolean> => {
      for (const { name } of SERVICES)
        for (let copy = 0; copy < this.copiesOf(name); copy += 1) {
          const told = await this.told(name, copy);
          last = `${name}: ${JSON.stringify(told)}`;
          if (told.status !== 200) return false;
        }
      return true;
    };
    await eventually(look, { timeoutMs: START_LIMIT_MS, intervalMs: 250 }).catch(() => {
      throw new Error(`not ready again: ${last}`);
    });
  }

  /** Starts one more process of a service with other variables, on a port of its own and nobody's address. */
  async stray(name: ServiceName, label: string, env: Readonly<Record<string, string>>): Promise<Stray> {
    const port = await freePort();
    const service = SERVICES.find((one) => one.name === name)!;
    const process = this.launch(service, `${name}-${label}`, port, env);
    return { process, port, log: () => readFile(this.logOf(`${name}-${label}`), 'utf8') };
  }

  /** The addresses by which a service reaches its database. */
  databaseOf(service: ServiceName): DatabaseUrls {
    return this.around.databases[service]!;
  }

  /** The file that says by how many milliseconds the clock of a service is wrong. */
  clockOf(service: ServiceName): string {
    return join(this.folder, `${service}.clock`);
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
    const part = (engine: boolean) =>
      Promise.all(
        [...this.roles]
          .filter(([role]) => isEngine(role) === engine)
          .flatMap(([, copies]) => copies.map(({ process }) => process.stop())),
      );
    for (const balancer of this.balancers.values()) balancer.stop();
    await part(false);
    await part(true);
    if (keep) return;
    await this.disk?.takeAway();
    await rm(this.folder, { recursive: true, force: true });
  }

  private copy(role: Role, copy: number): Copy {
    return this.roles.get(role)![copy]!;
  }

  private async startAll(): Promise<void> {
    const { databaseMiB, copies = 1 } = this.needs;
    if (databaseMiB) this.disk = await SmallDisk.mount(join(this.folder, 'postgres'), databaseMiB);
    await Promise.all([this.startDatabase(), this.startBroker()]);
    await this.surround();
    await this.choosePorts(copies);
    // further copies find the code compiled
    for (let copy = 0; copy < copies; copy += 1) {
      await Promise.all(SERVICES.map((service) => this.startCopy(service, copy)));
      await Promise.all(SERVICES.map(({ name }) => this.alive(name, copy)));
    }
    const { gatewayUrl, issuer } = this.around;
    this.units = await loadDemoGroup({ gatewayUrl, issuer, password: PASSWORD });
    this.rolesGivenAt = performance.now();
  }

  private startDatabase(): Promise<void> {
    const { database: port } = this.ports;
    return this.supervise('database', 'database', port, async () => {
      const dataDir = join(this.folder, 'postgres');
      const engine = await startPostgres({ dataDir, port });
      this.adminUrl = engine.url;
      return engine;
    });
  }

  private async startBroker(): Promise<void> {
    const { broker: port } = this.ports;
    const libDir = await ensureKafkaJars();
    const options = { dataDir: join(this.folder, 'kafka'), libDir, port, quickStart: true };
    const certificate = this.needs.guardedBroker ? makeTestCertificate([HOST]) : undefined;
    const users = { [BROKER_LOGIN.username]: BROKER_LOGIN.password };
    await this.supervise('broker', 'broker', port, async () => {
      const engine = await startKafka({
        ...options,
        ...(certificate && { guarded: { certificate, users } }),
      });
      if (certificate) this.guarded = { brokers: engine.guarded!, certificate };
      return engine;
    });
  }

  private async startCopy(service: ServiceEntry, copy: number): Promise<void> {
    const { name } = service;
    const port = this.own.get(name)![copy]!;
    const label = copy === 0 ? name : `${name}-${copy + 1}`;
    await this.supervise(name, label, port, () => Promise.resolve(this.launch(service, label, port)));
  }

  /** A single copy has the service's own port; before several stands a balancer. */
  private async choosePorts(copies: number): Promise<void> {
    for (const { name } of SERVICES) {
      const port = this.ports[name];
      const own = copies === 1 ? [port] : [];
      while (own.length < copies) own.push(await freePort());
      this.own.set(name, own);
      if (copies > 1) this.balancers.set(name, await Balancer.start(port, own));
    }
  }

  private launch(
    service: ServiceEntry,
    label: string,
    port: number,
    more: Readonly<Record<string, string>> = {},
  ): GuardedProcess {
    const around = { ...this.around, ports: { ...this.around.ports, [service.name]: port } };
    const clock = this.needs.clocks ? ['--import', SHIFTED_CLOCK] : [];
    return startGuarded({
      command: [
        process.execPath,
        '--disable-warning=ExperimentalWarning',
        ...clock,
        serviceProgram(service.name),
      ],
      signal: 'TERM',
      graceSeconds: 20,
      pidFile: join(this.folder, `${label}.pid`),
      logFile: this.logOf(label),
      env: {
        ...environmentOf(service, around),
        CLOCK_SHIFT_FILE: this.clockOf(service.name),
        NODE_COMPILE_CACHE: join(this.folder, 'code'),
        ...more,
      },
    });
  }

  private logOf(label: string): string {
    return join(this.folder, 'logs', `${label}.log`);
  }

  private async alive(service: ServiceName, copy: number): Promise<void> {
    const url = `http://${HOST}:${this.copy(service, copy).port}/health/live`;
    await eventually(async () => (await fetch(url)).ok, { timeoutMs: START_LIMIT_MS, intervalMs: 200 });
  }

  private async supervise(
    role: Role,
    name: string,
    port: number,
    launch: ConstructorParameters<typeof Supervised>[1],
  ): Promise<void> {
    const process = new Supervised(name, launch, (exit) => this.exits.push(exit));
    const copies = this.roles.get(role) ?? [];
    this.roles.set(role, copies);
    copies.push({ name, port, process });
    await process.start();
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
      env: { ...inherited(), LOG_LEVEL: 'warn', TOKEN_LIFETIME_SECONDS, AUDIT_HEADS_EVERY_S, ...this.env },
      ports,
      databases: await prepareDatabases(this.adminUrl, owning, passwordOf),
      host: HOST,
      gatewayUrl: `http://${HOST}:${ports.gateway}`,
      issuer: `http://${HOST}:${ports.identity}`,
      brokers: `${HOST}:${ports.broker}`,
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
