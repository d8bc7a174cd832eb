import { join } from 'node:path';
import { ensureKafkaJars, startKafka, startPostgres } from '@steward/testing';
import { timed, type Progress } from './progress.js';
import type { RunnerSettings } from './settings.js';

/** PostgreSQL and Kafka of this platform, embedded or somebody else's. */
export type PlatformEngines = Readonly<{
  adminUrl: string;
  brokers: string;
  /** resolves with a sentence when an embedded engine ended without being asked */
  failed: Promise<string>;
  stop(): Promise<void>;
}>;

type Engine = { ended: Promise<number | null>; stop(): Promise<void> };

/** Starts what no address was given for, side by side; stops what runs when one of them fails. */
export async function startPlatformEngines(
  settings: RunnerSettings,
  ports: Readonly<Record<'postgres' | 'kafka', number>>,
  progress: Progress,
): Promise<PlatformEngines> {
  const started = new Map<string, Engine>();
  let stopping = false;
  const stop = async () => {
    stopping = true;
    await Promise.all([...started.values()].map((engine) => engine.stop()));
  };
  const start = <T extends Engine>(name: string, engine: () => Promise<T>): Promise<T> =>
    timed(progress, name, async () => {
      const one = await engine();
      started.set(name, one);
      return one;
    });
  const [adminUrl, brokers] = await allOrStop(stop, [
    settings.databaseUrl ??
      start('PostgreSQL', () => postgres(settings, ports.postgres)).then(({ url }) => url),
    settings.brokers ??
      start('Kafka', () => kafka(settings, ports.kafka, progress)).then((one) => one.brokers),
  ]);
  const failed = new Promise<string>((resolve) => {
    for (const [name, { ended }] of started) {
      void ended.then((code) => stopping || resolve(`${name} ended (exit ${code})`));
    }
  });
  return { adminUrl, brokers, failed, stop };
}

/** Waits for both even when one fails, so that nothing starts up after everything was stopped. */
async function allOrStop<T>(
  stop: () => Promise<void>,
  work: readonly [T | Promise<T>, T | Promise<T>],
): Promise<[T, T]> {
  const [first, second] = await Promise.allSettled(work);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  await stop();
  throw first.status === 'rejected' ? first.reason : (second as PromiseRejectedResult).reason;
}

const postgres = (settings: RunnerSettings, port: number) =>
  startPostgres({ dataDir: join(settings.dataDir, 'postgres'), port });

async function kafka(settings: RunnerSettings, port: number, progress: Progress) {
  const libDir = await ensureKafkaJars(undefined, () =>
    progress('fetching Apache Kafka by Maven (43 MB, once)'),
  );
  return startKafka({ dataDir: join(settings.dataDir, 'kafka'), libDir, port });
}
