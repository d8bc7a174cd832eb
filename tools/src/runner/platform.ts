import { mkdirSync } from 'node:fs';
import { releaseDataDir, takeDataDir } from '@steward/testing';
import {
  environmentOf,
  SERVICES,
  type Running,
  type ServiceEntry,
  type ServiceName,
  type Surroundings,
} from '../services.js';
import { refuseHalfRestored } from '../backup/state-files.js';
import { prepareDatabases } from './databases.js';
import { startPlatformEngines, type PlatformEngines } from './engines.js';
import { startApart } from './processes.js';
import { timed, type Progress } from './progress.js';
import type { RunnerSettings } from './settings.js';
import { StateFolder } from './state.js';
import { startHere, type OnCrash } from './together.js';

/** The running whole. `stop` may be called at any time, also while it still starts. */
export class Platform {
  readonly state: StateFolder;
  private readonly running = new Map<ServiceName, Running>();
  private engines: PlatformEngines | undefined;

  constructor(
    private readonly settings: RunnerSettings,
    private readonly progress: Progress,
    private readonly onCrash: OnCrash,
  ) {
    this.state = new StateFolder(settings.dataDir);
  }

  /** Starts engines, then every service; answers when the gateway and the others listen. */
  async start(): Promise<Surroundings> {
    const { settings, state } = this;
    mkdirSync(settings.dataDir, { recursive: true });
    await takeDataDir(settings.dataDir);
    refuseHalfRestored(settings.dataDir);
    const names = SERVICES.map(({ name }) => name).filter((name) => name !== 'gateway');
    const kept = await state.ports(['postgres', 'kafka', 'kafka-outside', ...names]);
    const ports = { ...kept, gateway: settings.port };
    const services = SERVICES.filter(({ name }) => name !== 'identity' || !settings.issuer);
    // reading the code takes as long as the engines do; a failure shows again where the service is started
    if (!settings.processes) void Promise.allSettled(services.map((service) => service.load()));
    this.engines = await startPlatformEngines(settings, ports, this.progress);
    void this.engines.failed.then(this.onCrash);
    const around = await this.surround(this.engines, ports);
    await timed(this.progress, settings.processes ? 'services, one process each' : 'services', () =>
      Promise.all(services.map((service) => this.startService(service, around))),
    );
    state.announce({
      pid: process.pid,
      gateway: around.gatewayUrl,
      issuer: around.issuer,
      brokers: around.brokers,
      services: Object.fromEntries([...this.running].map(([name, { url }]) => [name, url])),
    });
    return around;
  }

  /** Stops the door first, then what answers behind it, then the issuer, then the engines. */
  async stop(): Promise<void> {
    this.state.withdraw();
    await this.stopServices((name) => name === 'gateway');
    await this.stopServices((name) => name !== 'identity');
    await this.stopServices(() => true);
    await this.engines?.stop();
    releaseDataDir(this.settings.dataDir);
  }

  private async startService(service: ServiceEntry, around: Surroundings): Promise<void> {
    const env = environmentOf(service, around);
    try {
      const started = await (this.settings.processes
        ? startApart(service, env, this.settings.dataDir, this.onCrash)
        : startHere(service, env));
      this.running.set(service.name, started);
    } catch (cause) {
      throw new Error(
        `${service.name} does not start: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
    }
  }

  private async stopServices(choose: (name: ServiceName) => boolean): Promise<void> {
    const chosen = [...this.running].filter(([name]) => choose(name));
    await Promise.all(
      chosen.map(async ([name, service]) => {
        this.running.delete(name);
        await service
          .stop()
          .catch((error: unknown) => this.progress(`✗ ${name} did not stop well: ${String(error)}`));
      }),
    );
  }

  private async surround(
    engines: PlatformEngines,
    ports: Record<ServiceName, number>,
  ): Promise<Surroundings> {
    const { settings, state } = this;
    const { auditKey, demoPartnerSecret } = state.secrets();
    const owning = SERVICES.filter(
      (service) => service.ownsDatabase && !hasOwnDatabase(service, settings),
    ).map(({ name }) => name);
    const databases = await timed(this.progress, 'databases', () =>
      prepareDatabases(engines.adminUrl, owning, (role) => state.databasePassword(role)),
    );
    const shown = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
    return {
      env: settings.env,
      ports,
      databases,
      host: settings.host,
      gatewayUrl: `http://${shown === '0.0.0.0' ? '127.0.0.1' : shown}:${ports.gateway}`,
      issuer: settings.issuer ?? `http://127.0.0.1:${ports.identity}`,
      brokers: engines.brokers,
      guardedBrokers: engines.guardedBrokers,
      auditKey,
      demoPartnerSecret,
    };
  }
}

/** Whoever names both addresses keeps the database of that service himself. */
function hasOwnDatabase(service: ServiceEntry, { env }: RunnerSettings): boolean {
  const upper = service.name.toUpperCase();
  return Boolean(env[`${upper}_DATABASE_URL`] && env[`${upper}_MIGRATION_URL`]);
}
