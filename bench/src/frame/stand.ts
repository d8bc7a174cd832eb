import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ensureKafkaJars,
  startKafka,
  startPostgres,
  startTestIssuer,
  type Kafka,
  type Postgres,
  type TestIssuer,
} from '@steward/testing';
import pg from 'pg';
import { MeasuredProcess, type ProcessOptions } from './measured-process.js';
import { treeProcessorTime } from './processor-time.js';

/** What benches stand on: a PostgreSQL that keeps every commit, Kafka, an issuer; and the processes that they start. */
export class Stand {
  private readonly closers: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly postgres: Postgres,
    readonly kafka: Kafka,
    readonly issuer: TestIssuer,
    readonly folder: string,
    private readonly profiles?: string,
  ) {}

  /** With `profiles` every process leaves a processor profile in that folder. */
  static async start(profiles?: string): Promise<Stand> {
    const folder = (name: string) => mkdtempSync(join(tmpdir(), `steward-bench-${name}-`));
    const [postgres, kafka, issuer] = await Promise.all([
      startPostgres({ dataDir: folder('postgres'), durable: true, temporary: true }),
      ensureKafkaJars().then((libDir) => startKafka({ dataDir: folder('kafka'), libDir, temporary: true })),
      startTestIssuer(),
    ]);
    return new Stand(postgres, kafka, issuer, folder('logs'), profiles);
  }

  /** Starts a process that ends with the bench. */
  process(options: Omit<ProcessOptions, 'folder'>): MeasuredProcess {
    const nodeOptions = this.profiles
      ? ['--cpu-prof', `--cpu-prof-dir=${this.profiles}`, `--cpu-prof-name=${options.name}.cpuprofile`]
      : [];
    const started = MeasuredProcess.start({ ...options, nodeOptions, folder: this.folder });
    this.onClose(() => started.stop());
    return started;
  }

  onClose(close: () => Promise<unknown>): void {
    this.closers.push(close);
  }

  /** Ends what a bench has started, so that the next one has the machine for itself. */
  async clear(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close();
  }

  async stop(): Promise<void> {
    await this.clear();
    await Promise.all([this.postgres.stop(), this.kafka.stop(), this.issuer.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Processor time that the engines have used, where the system tells. */
  enginesTime(): Record<string, number> {
    const times = {
      postgres: treeProcessorTime(this.postgres.pid()),
      kafka: treeProcessorTime(this.kafka.pid()),
    };
    return Object.fromEntries(
      Object.entries(times).filter((entry): entry is [string, number] => entry[1] !== undefined),
    );
  }

  async query<Row extends pg.QueryResultRow>(text: string, url = this.postgres.url): Promise<Row[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  }
}
