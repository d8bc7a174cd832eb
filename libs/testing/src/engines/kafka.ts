import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../free-port.js';
import type { TestCertificate } from '../test-certificate.js';
import { ClassArchive } from './class-archive.js';
import { pidFile, releaseDataDir, takeDataDir } from './data-owner.js';
import { findCoordinator } from './find-coordinator.js';
import { startGuarded, type GuardedProcess } from './guarded-process.js';
import { logTail } from './log-tail.js';

export type KafkaOptions = {
  /** holds properties, logs of the topics and the broker's own log; made when absent, reused otherwise */
  dataDir: string;
  /** folder with the jars, see `ensureKafkaJars` */
  libDir: string;
  port?: number;
  /** starts with a third less work and then serves more slowly; for brokers that are started again and again */
  quickStart?: boolean;
  /** remove `dataDir` when the broker ends, even when this process is killed */
  temporary?: boolean;
  /**
   * adds a listener with logins by SCRAM-SHA-512 and access control, as managed clusters have; with encryption where
   * there is a certificate. `users` with their passwords are there when the data is new
   */
  guarded?: Readonly<{
    certificate?: TestCertificate;
    users?: Readonly<Record<string, string>>;
    port?: number;
  }>;
};

export type Kafka = {
  /** `host:port` of the one broker */
  brokers: string;
  /** `host:port` of the guarded listener, where one was asked for */
  guarded?: string;
  port: number;
  pid(): number;
  /** resolves when the broker has ended, asked for or not */
  ended: Promise<number | null>;
  stop(): Promise<void>;
};

const HOST = '127.0.0.1';
/** generous: a busy machine is slow, not broken */
const READY_LIMIT_MS = 120_000;
const BROKER_FLAGS = ['-Xmx384m', '-Xms128m'];
/** only the first of Java's two compilers */
const QUICK_START = ['-XX:TieredStopAtLevel=1'];
/** what Java answers after an orderly stop by TERM */
const EXIT_AFTER_TERM = 143;
const execFileAsync = promisify(execFile);

/**
 * Starts Apache Kafka as a single KRaft node and answers when clients are served and consumer groups can form.
 * The broker ends with this process, however this process ends; the data of a killed broker is reused.
 * @throws Error with the tail of the broker's log when it does not come up
 */
export async function startKafka(options: KafkaOptions): Promise<Kafka> {
  const dataDir = resolve(options.dataDir);
  const libDir = resolve(options.libDir);
  mkdirSync(dataDir, { recursive: true });
  await takeDataDir(dataDir);
  const archive = new ClassArchive(libDir);
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const guardedPort = options.guarded && (options.guarded.port ?? (await freePort()));
    const guard = options.guarded && guardedSettings(port, guardedPort!, options.guarded.certificate);
    const properties = writeProperties(dataDir, port, await freePort(), guard);
    await formatOnce(dataDir, libDir, properties, options.guarded?.users);
    // whatever may be wrong with an archive, a second attempt does without
    const flags = [...(options.quickStart ? QUICK_START : []), ...(attempt === 1 ? archive.flags() : [])];
    const process = launch(
      dataDir,
      java(libDir, [...BROKER_FLAGS, ...flags], ['kafka.Kafka', properties]),
      options.temporary,
    );
    try {
      await untilReady(port, process);
      const stop = () => end(dataDir, process, archive);
      const guarded = guardedPort ? { guarded: `${HOST}:${guardedPort}` } : {};
      const pid = () => process.pid();
      return { brokers: `${HOST}:${port}`, ...guarded, port, pid, ended: process.ended, stop };
    } catch (error) {
      const ended = process.hasEnded();
      await end(dataDir, process, archive);
      if (!ended || attempt >= 3)
        throw new Error(`Kafka does not start. ${logTail(logFile(dataDir))}`, { cause: error });
    }
  }
}

const logFile = (dataDir: string) => join(dataDir, 'kafka.log');

type Settings = Record<string, string | number | boolean>;

/** What a listener with logins and access control needs; the plain one stays for administrators. */
function guardedSettings(port: number, guardedPort: number, certificate?: TestCertificate): Settings {
  const protocol = certificate ? 'SASL_SSL' : 'SASL_PLAINTEXT';
  const plain = `PLAINTEXT://${HOST}:${port}`;
  const guarded = `${protocol}://${HOST}:${guardedPort}`;
  return {
    listeners: `${plain},${guarded}`,
    'advertised.listeners': `${plain},${guarded}`,
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,${protocol}:${protocol},CONTROLLER:PLAINTEXT`,
    ...(certificate ? keystore(certificate) : {}),
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    [`listener.name.${protocol.toLowerCase()}.scram-sha-512.sasl.jaas.config`]:
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
  };
}

function keystore({ cert, key }: TestCertificate): Settings {
  const oneLine = (text: string) => text.trim().replaceAll('\n', '\\n');
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.certificate.chain': oneLine(cert),
    'ssl.keystore.key': oneLine(key),
  };
}

// One small node: fewer threads and a small cleaner buffer keep it near 300 MiB.
const SMALL_NODE: Settings = {
  'num.network.threads': 2,
  'num.io.threads': 4,
  'background.threads': 4,
  'log.cleaner.dedupe.buffer.size': 16_777_216,
  // sparse index files of ten megabytes per partition add up when tests make many topics
  'log.index.size.max.bytes': 2_097_152,
};

function writeProperties(
  dataDir: string,
  port: number,
  controllerPort: number,
  guard: Settings = {},
): string {
  const settings: Settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${HOST}:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://${HOST}:${port},CONTROLLER://${HOST}:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${HOST}:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(dataDir, 'topics'),
    'auto.create.topics.enable': false,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 3,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 3,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    ...SMALL_NODE,
    ...guard,
  };
  if (guard.listeners) settings.listeners = `${guard.listeners},CONTROLLER://${HOST}:${controllerPort}`;
  const file = join(dataDir, 'server.properties');
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  return file;
}

const java = (libDir: string, flags: readonly string[], main: readonly string[]) => [
  'java',
  '-XX:+UseSerialGC',
  ...flags,
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-cp',
  join(libDir, '*'),
  ...main,
];

async function formatOnce(
  dataDir: string,
  libDir: string,
  properties: string,
  users: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (existsSync(join(dataDir, 'topics', 'meta.properties'))) return;
  const bytes = randomBytes(16);
  // Its text must not begin with a hyphen: the tool would take it for an option.
  bytes[0]! &= 0x7f;
  const clusterId = bytes.toString('base64url');
  const scram = Object.entries(users).flatMap(([name, password]) => [
    '--add-scram',
    `SCRAM-SHA-512=[name=${name},password=${password}]`,
  ]);
  const format = ['format', '-t', clusterId, '-c', properties, '--ignore-formatted', ...scram];
  const main = ['kafka.tools.StorageTool', ...format];
  const [program, ...rest] = java(libDir, ['-Xmx128m', '-XX:TieredStopAtLevel=1'], main);
  await execFileAsync(program!, rest, { cwd: dataDir });
}

function launch(dataDir: string, command: readonly string[], temporary = false): GuardedProcess {
  return startGuarded({
    command,
    signal: 'TERM',
    graceSeconds: 20,
    pidFile: pidFile(dataDir),
    logFile: logFile(dataDir),
    removeDir: temporary ? dataDir : undefined,
    cwd: dataDir,
  });
}

async function untilReady(port: number, process: GuardedProcess): Promise<void> {
  const deadline = performance.now() + READY_LIMIT_MS;
  for (;;) {
    try {
      if (await findCoordinator(HOST, port)) return;
    } catch (error) {
      if (process.hasEnded()) throw new Error('the broker ended at once', { cause: error });
      if (performance.now() > deadline) throw error;
    }
    if (performance.now() > deadline) throw new Error('the broker names no coordinator');
    await pause(50);
  }
}

async function end(dataDir: string, process: GuardedProcess, archive: ClassArchive): Promise<void> {
  await process.stop();
  const code = await process.ended;
  archive.keep(code === 0 || code === EXIT_AFTER_TERM);
  if (existsSync(dataDir)) releaseDataDir(dataDir);
}
