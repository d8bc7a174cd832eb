import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureKafkaJars } from './kafka-jars.js';
import { startKafka } from './kafka.js';
import { startPostgres } from './postgres.js';

/** The engines that tests run against. */
export type Engines = {
  /** administrator's address of PostgreSQL */
  adminUrl: string;
  brokers: string;
  stop(): Promise<void>;
};

/**
 * Starts PostgreSQL and Kafka for tests on free ports, in temporary directories that vanish with them.
 * Where the system's temporary folder is reachable for every user, root needs no other rights.
 */
export async function startEngines(): Promise<Engines> {
  const folder = (name: string) => mkdtempSync(join(tmpdir(), `steward-${name}-`));
  const [postgres, kafka] = await Promise.all([
    startPostgres({ dataDir: folder('postgres'), durable: false, temporary: true }),
    ensureKafkaJars().then((libDir) => startKafka({ dataDir: folder('kafka'), libDir, temporary: true })),
  ]);
  return {
    adminUrl: postgres.url,
    brokers: kafka.brokers,
    async stop() {
      await Promise.all([postgres.stop(), kafka.stop()]);
    },
  };
}
