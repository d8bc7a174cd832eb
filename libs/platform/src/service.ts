import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { systemClock, type Clock } from '@steward/kernel';
import type { FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import type { ServiceConfig } from './config.js';
import { Health } from './health.js';
import { useAccessGuard, type AccessParts } from './http/guard/call-context.js';
import { useDocs } from './http/openapi/docs.js';
import { farewell } from './http/farewell.js';
import { InFlight } from './http/in-flight.js';
import { useJsonBodies } from './http/json-body.js';
import { useEntityTags } from './http/preconditions.js';
import { ProblemFilter, useProblems } from './http/problems/problem-filter.js';
import { useProtocolChecks } from './http/protocol.js';
import { RouteTable, type DeclaredRoute } from './http/guard/route-table.js';
import { makeAdapter, requestLog, useRequestBasics } from './http/server.js';
import { useSystemRoutes } from './http/system-routes.js';
import { TokenVerifier } from './http/guard/token-verifier.js';
import { SchemaPipe } from './http/validation-pipe.js';
import { createLogger, nestLogger, type Logger } from './logging.js';
import { openApiDocument } from './openapi.js';
import { ServiceModule } from './service.module.js';
import { Telemetry } from './telemetry/index.js';
import { RequestTelemetry } from './telemetry/request-telemetry.js';
import { ACCESS_DIRECTORY, CLOCK, type AccessDirectory } from './tokens.js';

/** What makes a service this service. */
export type ServiceDefinition = Readonly<{
  /** Short name (`tickets`): in logs, spans, metrics and addresses of documents. */
  name: string;
  version: string;
  module: Type | DynamicModule;
  openapi: Readonly<{ title: string; description: string }>;
  /** Bytes of the largest body; 1 MiB when left out. */
  bodyLimit?: number;
  /** Adds Fastify plugins (uploads, proxying) before the routes; their routes need `config.access` too. */
  plugins?: (fastify: FastifyInstance) => Promise<void>;
}>;

/** A service that answers at `url` until it is stopped. */
export type RunningService = Readonly<{
  name: string;
  url: string;
  app: NestFastifyApplication;
  /** Every route that it answers, with who may call it. */
  routes: readonly DeclaredRoute[];
  /** Takes no more connections, lingers, then stops taking requests, lets running ones end within `config.shutdownMs`, closes everything. May be called again. */
  stop(): Promise<void>;
}>;

/** `logger` takes the service's log lines in place of standard output. */
export type ServiceOptions = Readonly<{ logger?: Logger }>;

type Parts = Readonly<{
  health: Health;
  telemetry: Telemetry;
  logger: Logger;
  stopping: AbortController;
  access: AccessParts;
}>;

@Module({})
class RootModule {}

function makeParts(definition: ServiceDefinition, config: ServiceConfig, logger?: Logger): Parts {
  return {
    health: new Health(),
    telemetry: new Telemetry(definition.name, definition.version, config.telemetry),
    logger: logger ?? createLogger({ service: definition.name, level: config.logLevel }),
    stopping: new AbortController(),
    access: { verifier: new TokenVerifier(config.oidc, systemClock), directory: null, clock: systemClock },
  };
}

type Hooks = Readonly<{ routes: RouteTable; inFlight: InFlight; problems: ProblemFilter }>;

/** Everything that happens to a request outside the controllers, in the order in which it happens. */
function useHooks(fastify: FastifyInstance, parts: Parts): Hooks {
  const routes = new RouteTable(fastify);
  const problems = new ProblemFilter(parts.logger, (path) => routes.methodsAt(path));
  useProblems(fastify, problems);
  const spans = new RequestTelemetry(parts.telemetry);
  const log = requestLog(parts.logger);
  const inFlight = new InFlight(fastify, [(request, end) => spans.end(request, end), log]);
  spans.use(fastify);
  useProtocolChecks(fastify);
  useRequestBasics(fastify, parts.stopping.signal);
  useAccessGuard(fastify, parts.access);
  useEntityTags(fastify);
  useJsonBodies(fastify);
  useSystemRoutes(fastify, parts.health, parts.telemetry);
  return { routes, inFlight, problems };
}

// Asking Nest for a provider that nobody gives would log an error, so the modules are looked through first.
function found<T>(app: NestFastifyApplication, token: symbol): T | null {
  const given = [...app.get(ModulesContainer).values()].some((module) => module.providers.has(token));
  return given ? app.get<T>(token, { strict: false }) : null;
}

async function prepare(
  app: NestFastifyApplication,
  definition: ServiceDefinition,
  parts: Parts,
  { routes, problems }: Hooks,
) {
  const fastify = app.getHttpAdapter().getInstance();
  parts.access.directory = found<AccessDirectory>(app, ACCESS_DIRECTORY);
  parts.access.clock = found<Clock>(app, CLOCK) ?? systemClock;
  app.useGlobalPipes(new SchemaPipe());
  app.useGlobalFilters(problems);
  await definition.plugins?.(fastify);
  await app.init();
  await fastify.ready();
  routes.checkAccess();
  if (routes.needsGrants && !parts.access.directory) {
    throw new Error(`${definition.name}: routes ask for roles, but nothing provides ACCESS_DIRECTORY`);
  }
}

async function listen(app: NestFastifyApplication, config: ServiceConfig): Promise<string> {
  await app.listen(config.port, config.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return `http://${host}:${port}`;
}

function stopper(
  app: NestFastifyApplication,
  parts: Parts,
  inFlight: InFlight,
  { shutdownMs: limitMs, lingerMs = 0 }: ServiceConfig,
): () => Promise<void> {
  const stop = async (): Promise<void> => {
    parts.health.markStopping();
    await farewell(app.getHttpServer(), lingerMs);
    parts.stopping.abort();
    const cut = await inFlight.drain(limitMs);
    if (cut > 0)
      parts.logger.warn({ cut, limitMs }, 'requests were cut off because they did not end in time');
    await app.close();
    await parts.telemetry.stop();
    parts.logger.info('stopped');
  };
  let stopped: Promise<void> | null = null;
  return () => (stopped ??= stop());
}

/**
 * Boots a service: Nest on Fastify with everything that all services share, listening on `config.host` and
 * `config.port`. Rejects, with everything closed again, when a module fails or a route does not declare its access.
 */
export async function createService(
  definition: ServiceDefinition,
  config: ServiceConfig,
  options: ServiceOptions = {},
): Promise<RunningService> {
  const parts = makeParts(definition, config, options.logger);
  const adapter = makeAdapter({ bodyLimit: definition.bodyLimit, logger: parts.logger });
  const hooks = useHooks(adapter.getInstance(), parts);
  const shared = ServiceModule.forRoot(parts);
  const app = await NestFactory.create<NestFastifyApplication>(
    { module: RootModule, imports: [shared, definition.module] },
    adapter,
    {
      abortOnError: false,
      bodyParser: false,
      logger: nestLogger(options.logger ?? createLogger({ service: 'nest', level: config.logLevel })),
    },
  );
  const { name, version, openapi } = definition;
  useDocs(adapter.getInstance(), openapi.title, () =>
    openApiDocument(app, { ...openapi, version, issuer: config.oidc.issuer }),
  );
  const stop = stopper(app, parts, hooks.inFlight, config);
  try {
    await prepare(app, definition, parts, hooks);
    const url = await listen(app, config);
    parts.logger.info({ url }, 'listening');
    return { name, url, app, routes: hooks.routes.declared, stop };
  } catch (error) {
    await stop().catch((late: unknown) =>
      parts.logger.error({ err: late }, 'closing after a failed start failed too'),
    );
    throw error;
  }
}

export type { DeclaredRoute } from './http/guard/route-table.js';
export { describeService } from './describe-service.js';
export { ServiceModule, type ServiceParts } from './service.module.js';
