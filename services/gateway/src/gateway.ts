import { Module, type DynamicModule } from '@nestjs/common';
import { systemClock } from '@steward/kernel';
import {
  createLogger,
  createService,
  Telemetry,
  TokenVerifier,
  type Logger,
  type RunningService,
  type ServiceDefinition,
} from '@steward/platform';
import type { FastifyInstance } from 'fastify';
import { useComposedRoutes } from './composed/composed-routes.js';
import type { GatewayConfig } from './config.js';
import { admission } from './door/admission.js';
import { useSecurityHeaders } from './door/security-headers.js';
import { useServicesHealth } from './health/services-health.js';
import { ImportsList } from './imports/imports-list.js';
import { ApiDocument } from './openapi/api-document.js';
import { useApiDocument } from './openapi/document-route.js';
import { useEventCatalogue } from './pages/event-catalogue.js';
import { usePages } from './pages/pages.js';
import { HopMetrics } from './proxy/hop-metrics.js';
import { Places } from './proxy/places.js';
import { Proxy } from './proxy/proxy.js';
import { ServiceClient } from './proxy/service-client.js';
import { Upstream, Upstreams } from './proxy/upstream.js';
import { useProxiedRoutes } from './routing/proxied-routes.js';
import { SERVICES, type ServiceName } from './routing/api-services.rules.js';
import { EventStream } from './stream/event-stream.js';
import { KafkaSource } from './stream/kafka-source.js';
import type { ReferenceSource } from './stream/reference.js';

const VERSION = '0.1.0';
const DOCUMENT_FRESH_MS = 60_000;

export type GatewayOptions = Readonly<{
  /** Where references of events come from; Kafka when left out. */
  source?: ReferenceSource;
  logger?: Logger;
  /** A clock that only goes forward, for circuits and streams. */
  nowMs?: () => number;
}>;

/** The gateway's parts, joined; one set per `createApp`. */
type Parts = Readonly<{
  config: GatewayConfig;
  upstreams: Upstreams;
  client: ServiceClient;
  source: ReferenceSource;
  stream: EventStream;
  document: ApiDocument;
}>;

/** The gateway's Nest module holds nothing but its measurements: requests are answered on Fastify itself. */
@Module({})
class GatewayModule {
  static forRoot(measure: (telemetry: Telemetry) => HopMetrics): DynamicModule {
    return {
      module: GatewayModule,
      providers: [{ provide: HopMetrics, inject: [Telemetry], useFactory: measure }],
    };
  }
}

function makeUpstreams(config: GatewayConfig, nowMs: () => number): Upstreams {
  const { limits, timeouts, upstreams } = config;
  const members = SERVICES.flatMap((name): [ServiceName, Upstream][] => {
    const baseUrl = upstreams[name];
    if (baseUrl === undefined) return [];
    const { connectMs: connectTimeoutMs, circuit } = timeouts;
    const { inFlightPerService: maxInFlight, streamedPerService: maxStreamed } = limits;
    const options = { name, baseUrl, maxInFlight, maxStreamed, connectTimeoutMs, circuit };
    return [[name, new Upstream(options, nowMs)]];
  });
  return new Upstreams(new Map(members), new Places(limits.inFlight));
}

function makeParts(config: GatewayConfig, logger: Logger, options: GatewayOptions): Parts {
  const nowMs = options.nowMs ?? (() => performance.now());
  const upstreams = makeUpstreams(config, nowMs);
  const client = new ServiceClient(upstreams);
  const source = options.source ?? new KafkaSource({ kafka: config.kafka, logger });
  const timeoutMs = config.timeouts.deadlineMs;
  const stream = new EventStream(source, client, config.stream, { timeoutMs, nowMs });
  const documentOptions = {
    version: VERSION,
    issuer: config.oidc.issuer,
    freshMs: DOCUMENT_FRESH_MS,
    timeoutMs,
  };
  return {
    config,
    upstreams,
    client,
    source,
    stream,
    document: new ApiDocument(client, documentOptions, nowMs),
  };
}

async function addRoutes(fastify: FastifyInstance, parts: Parts, metrics: HopMetrics): Promise<void> {
  const { config, upstreams, client, stream, source } = parts;
  const { limits, trustedProxies } = config;
  const verifier = new TokenVerifier(config.oidc, systemClock);
  useSecurityHeaders(fastify, config);
  const { rate, rateWindowMs } = limits;
  const doors = await admission(fastify, { verifier, rate, rateWindowMs, trustedProxies });
  useApiDocument(fastify, parts.document, doors.anyone);
  usePages(fastify, doors);
  useEventCatalogue(fastify, doors.anyone);
  useServicesHealth(fastify, { upstreams, client, source, openStreams: () => stream.size });
  stream.useRoute(fastify, doors.known);
  const tools = { client, metrics, partMs: config.timeouts.partMs };
  useComposedRoutes(fastify, { tools, places: upstreams.places, admit: doors.known });
  const imports = new ImportsList(client, config.timeouts.deadlineMs);
  useProxiedRoutes(fastify, { proxy: new Proxy(upstreams, config, metrics), imports, admit: doors.known });
}

/**
 * Boots the gateway on `config.host` and `config.port`: the only public door of the platform. It needs none of the
 * services to start. Stopping ends the streams, lets running requests end, then closes the connections to the services.
 */
export async function createApp(
  config: GatewayConfig,
  options: GatewayOptions = {},
): Promise<RunningService> {
  const logger = options.logger ?? createLogger({ service: 'gateway', level: config.logLevel });
  const parts = makeParts(config, logger, options);
  const { upstreams, stream } = parts;
  const close = async (): Promise<void> => {
    await stream.stop();
    await upstreams.close();
  };
  let metrics: HopMetrics;
  const definition: ServiceDefinition = {
    name: 'gateway',
    version: VERSION,
    module: GatewayModule.forRoot((telemetry) => (metrics = new HopMetrics(telemetry, upstreams))),
    openapi: { title: 'Steward', description: 'The only public door of the platform.' },
    plugins: (fastify) => addRoutes(fastify, parts, metrics),
  };
  try {
    const service = await createService(definition, config, { logger });
    stream.start();
    return { ...service, stop: stopOnce(service, stream, close) };
  } catch (error) {
    await close();
    throw error;
  }
}

function stopOnce(
  service: RunningService,
  stream: EventStream,
  close: () => Promise<void>,
): () => Promise<void> {
  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    stream.closeAll();
    await service.stop();
    await close();
  };
  return () => (stopped ??= stop());
}
