import type { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, type Clock } from '@steward/kernel';
import { ConfigError, createLogger, farewell, Health, type Logger } from '@steward/platform';
import type { Provider } from 'oidc-provider';
import type { Pool } from 'pg';
import { refuseProduction, type IdentityConfig } from './config.js';
import { openPool, ping } from './database.js';
import { deleteExpiredEntries } from './entry/oidc-entry.repository.js';
import { loadKeys } from './key/issuer-key.repository.js';
import { LoginAttemptRepository } from './login/login-attempt.repository.js';
import { LoginController } from './login/login.controller.js';
import { LoginService } from './login/login.service.js';
import { runMigrations } from './migrations.js';
import { createProvider, LOGIN_PATH } from './provider.js';

const CLEANING_MS = 10 * 60_000;

/** What a host may replace: tests move the clock. */
export type IdentityParts = Readonly<{ clock?: Clock; log?: Logger }>;

/** A started issuer. `stop` drains requests and closes the database pool. */
export type RunningIdentity = Readonly<{ name: string; url: string; issuer: string; stop(): Promise<void> }>;

/**
 * Starts the development issuer: migrates its database, loads or makes its keys, listens. Rejects with a plain sentence in
 * production, and when the database or the port cannot be had.
 */
export async function createApp(
  config: IdentityConfig,
  {
    clock = systemClock,
    log = createLogger({ service: 'identity', level: config.logLevel }),
  }: IdentityParts = {},
): Promise<RunningIdentity> {
  refuseProduction(config.mode);
  if (config.database.migrate ?? true) await migrate(config);
  const pool = openPool(config.database.url);
  const server = createServer();
  try {
    const keys = await loadKeys(pool);
    const url = await listen(server, config);
    const attempts = new LoginAttemptRepository(pool);
    const logins = new LoginService(config.users, config.developmentPassword, attempts, clock);
    const provider = createProvider(config.issuerUrl ?? url, config, { pool, keys, logins });
    watch(provider, log);
    const health = new Health();
    health.register('database', async () => ({ ok: await ping(pool) }));
    const login = new LoginController(provider, logins, config.users);
    server.on('request', answerer({ provider, login, health, log }));
    const cleaning = startCleaning(pool, attempts, clock, log);
    log.info({ url, issuer: provider.issuer }, 'listening');
    const stop = async (): Promise<void> => {
      health.markStopping();
      clearInterval(cleaning);
      await farewell(server, config.lingerMs ?? 0);
      await close(server, config.shutdownMs);
      await pool.end();
    };
    let stopped: Promise<void> | undefined;
    return { name: 'identity', url, issuer: provider.issuer, stop: () => (stopped ??= stop()) };
  } catch (error) {
    await close(server, 0);
    await pool.end();
    throw error;
  }
}

/** Brings the issuer's database up to date, without starting it. */
export async function migrate({ database }: IdentityConfig): Promise<void> {
  if (!database.migrationUrl) throw new ConfigError(['MIGRATION_URL: is not set (or MIGRATION_URL_FILE)']);
  await runMigrations(database.migrationUrl, database.url);
}

type Parts = Readonly<{ provider: Provider; login: LoginController; health: Health; log: Logger }>;

function answerer({ provider, login, health, log }: Parts) {
  const protocol = provider.callback();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = URL.parse(request.url ?? '/', 'http://issuer');
    if (!url) return sendJson(response, 400, { error: 'invalid_request' });
    if (url.pathname.startsWith(LOGIN_PATH)) return login.handle(request, response, url);
    if (url.pathname === '/health/live') return sendJson(response, 200, { status: 'live' });
    if (url.pathname === '/health/ready') {
      const report = await health.report();
      return sendJson(response, report.status === 'ready' ? 200 : 503, report);
    }
    await protocol(request, response);
  };
  return (request: IncomingMessage, response: ServerResponse): void => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    answer(request, response).catch((error: unknown) => {
      log.error({ err: error, method: request.method }, 'request failed');
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: 'server_error' });
    });
  };
}

const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
};

const sendJson = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
};

function startCleaning(
  pool: Pool,
  attempts: LoginAttemptRepository,
  clock: Clock,
  log: Logger,
): NodeJS.Timeout {
  const clean = () => Promise.all([deleteExpiredEntries(pool), attempts.deleteOld(clock.now())]);
  return setInterval(() => {
    clean().catch((error: unknown) => log.warn({ err: error }, 'expired entries could not be deleted'));
  }, CLEANING_MS).unref();
}

function watch(provider: Provider, log: Logger): void {
  provider.on('server_error', (ctx, error) =>
    log.error({ err: error, route: ctx.oidc?.route }, 'request failed'),
  );
  const connections: EventEmitter = provider; // Koa's own event, which the provider's types leave out
  connections.on('error', (error: unknown) => log.warn({ err: error }, 'connection failed'));
  provider.on('authorization.error', (_ctx, error) =>
    log.info({ reason: error.message }, 'authorization refused'),
  );
  provider.on('grant.error', (_ctx, error) => log.info({ reason: error.message }, 'token refused'));
}

async function listen(server: Server, { host, port }: IdentityConfig): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = ['0.0.0.0', '::'].includes(address.address) ? '127.0.0.1' : address.address;
  return `http://${name.includes(':') ? `[${name}]` : name}:${address.port}`;
}

/** Lets running requests end, at most `limitMs`. */
async function close(server: Server, limitMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const overdue = setTimeout(() => server.closeAllConnections(), limitMs);
  await closed;
  clearTimeout(overdue);
}
