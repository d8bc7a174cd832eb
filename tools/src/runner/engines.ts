import { join } from 'node:path';
import { ensureKafkaJars, startKafka, startPostgres, type Kafka } from '@steward/testing';
import { timed, type Progress } from './progress.js';
import type { RunnerSettings } from './settings.js';

/** PostgreSQL and Kafka of this platform, embedded or somebody else's. */
export type PlatformEngines = Readonly<{
  adminUrl: string;
  brokers: string;
  /** where readers outside log in; undefined for a Kafka of somebody else's, who knows it himself */
  guardedBrokers: string | undefined;
  /** resolves with a sentence when an embedded engine ended without being asked */
  failed: Promise<string>;
  stop(): Promise<void>;
}>;

type Engine = { ended: Promise<number | null>; stop(): Promise<void> };

/** Starts what no address was given for, side by side; stops what runs when one of them fails. */
export async function startPlatformEngines(
  settings: RunnerSettings,
  ports: Readonly<Record<'postgres' | 'kafka' | 'kafka-outside', number>>,
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
  const [adminUrl, { brokers, guarded }] = await allOrStop(stop, [
    settings.databaseUrl ??
      start('PostgreSQL', () => postgres(settings, ports.postgres)).then(({ url }) => url),
    settings.brokers === undefined
      ? start('Kafka', () => kafka(settings, ports, progress)).then(addresses)
      : { brokers: settings.brokers, guarded: undefined },
  ]);
  const failed = new Promise<string>((resolve) => {
    for (const [name, { ended }] of started) {
      void ended.then((code) => stopping || resolve(`${name} ended (exit ${code})`));
    }
  });
  return { adminUrl, brokers, guardedBrokers: guarded, failed, stop };
}

const addresses = ({ brokers, guarded }: Pick<Kafka, 'brokers' | 'guarded'>) => ({ brokers, guarded });

/** Waits for both even when one fails, so that nothing starts up after everything was stopped. */
async function allOrStop<A, B>(
  stop: () => Promise<void>,
  work: readonly [A | Promise<A>, B | Promise<B>],
): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled(work);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  await stop();
  throw first.status === 'rejected' ? first.reason : (second as PromiseRejectedResult).reason;
}

const postgres = (settings: RunnerSettings, port: number) =>
  startPostgres({ dataDir: join(settings.dataDir, 'postgres'), port });

async function kafka(
  settings: RunnerSettings,
  ports: Readonly<Record<'kafka' | 'kafka-outside', number>>,
  progress: Progress,
): Promise<Pick<Kafka, 'brokers' | 'guarded' | 'ended' | 'stop'>> {
  const libDir = await ensureKafkaJars(undefined, () =>
    progress('fetching Apache Kafka by Maven (43 MB, once)'),
  );
  const guarded = { port: ports['kafka-outside'] };
  return startKafka({ dataDir: join(settings.dataDir, 'kafka'), libDir, port: ports.kafka, guarded });
}
