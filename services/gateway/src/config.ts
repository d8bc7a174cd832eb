import {
  kafkaConfig,
  kafkaEnv,
  parseConfig,
  serviceConfig,
  serviceEnv,
  type Env,
  type KafkaConfig,
  type ServiceConfig,
} from '@steward/platform';
import { z } from 'zod';
import { API_SERVICES, type ApiService } from './routing/api-services.rules.js';

const MIB = 1024 * 1024;
const baseUrl = z.url({ protocol: /^https?$/, error: 'must be an address (http, https)' });
const whole = (least: number, most: number, normal: number) =>
  z.coerce.number().int().min(least).max(most).default(normal);
const milliseconds = (normal: number) => whole(1, 24 * 3_600_000, normal);

const urlVariable = <Service extends ApiService>(service: Service) =>
  `${service.toUpperCase()}_URL` as `${Uppercase<Service>}_URL`;
const urls = Object.fromEntries(API_SERVICES.map((service) => [urlVariable(service), baseUrl])) as Record<
  ReturnType<typeof urlVariable<ApiService>>,
  typeof baseUrl
>;

/** Variables of the gateway. */
export const gatewayEnv = serviceEnv.omit({ SERVICE_HOST: true, SERVICE_PORT: true }).extend({
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(0, 65535, 8080),
  ...urls,
  IDENTITY_URL: baseUrl.optional(),
  ...kafkaEnv.shape,
  TRUSTED_PROXIES: whole(0, 5, 0),
  HTTPS: z.stringbool().default(false),
  DEADLINE_MS: milliseconds(10_000),
  PART_DEADLINE_MS: milliseconds(3000),
  UPLOAD_DEADLINE_MS: milliseconds(120_000),
  CONNECT_TIMEOUT_MS: milliseconds(2000),
  CIRCUIT_FAILURES: whole(1, 1000, 5),
  CIRCUIT_OPEN_MS: milliseconds(5000),
  MAX_IN_FLIGHT: whole(1, 100_000, 1024),
  MAX_IN_FLIGHT_PER_SERVICE: whole(1, 100_000, 256),
  MAX_STREAMED_PER_SERVICE: whole(1, 100_000, 32),
  MAX_BODY_BYTES: whole(1, 1024 * MIB, MIB),
  MAX_UPLOAD_BYTES: whole(1, 16 * 1024 * MIB, 1025 * MIB),
  RATE_LIMIT: whole(1, 10_000_000, 2000),
  RATE_LIMIT_WINDOW_MS: milliseconds(10_000),
  STREAM_WINDOW: whole(1, 1_000_000, 10_000),
  MAX_STREAMS: whole(0, 100_000, 2000),
  MAX_STREAMS_PER_CLIENT: whole(1, 1000, 8),
});

/** What limits a client, a request and the gateway as a whole. */
export type GatewayLimits = Readonly<{
  /** Requests at once, over all services, and to one of them. */
  inFlight: number;
  inFlightPerService: number;
  /** Large bodies that stream to one service at once, besides. */
  streamedPerService: number;
  bodyBytes: number;
  uploadBytes: number;
  /** Requests of one client (or, without a token, of one address) within `rateWindowMs`. */
  rate: number;
  rateWindowMs: number;
}>;

/** How long the gateway waits for a service, and when it stops trying. */
export type GatewayTimeouts = Readonly<{
  /** From the request until its answer begins. */
  deadlineMs: number;
  /** For each part of a composed answer. */
  partMs: number;
  /** Silence of a service during and after an upload. */
  uploadDeadlineMs: number;
  connectMs: number;
  circuit: Readonly<{ failures: number; openMs: number }>;
}>;

export type StreamConfig = Readonly<{
  /** Events kept in memory for `Last-Event-ID`. */
  windowSize: number;
  maxStreams: number;
  maxPerClient: number;
  flushMs: number;
  heartbeatMs: number;
  /** How often a caller's grants are asked again without a reason. */
  recheckMs: number;
  /** A reader that does not read for so long is dropped; also the life of grants that cannot be asked again. */
  stallMs: number;
}>;

export type GatewayConfig = ServiceConfig &
  Readonly<{
    upstreams: Readonly<Record<ApiService, string> & { identity?: string }>;
    kafka: KafkaConfig;
    /** Reverse proxies of ours before the gateway, whose X-Forwarded-* count. */
    trustedProxies: number;
    /** Whether clients reach the gateway by HTTPS only (adds HSTS). */
    https: boolean;
    limits: GatewayLimits;
    timeouts: GatewayTimeouts;
    stream: StreamConfig;
  }>;

/** The gateway's configuration from environment variables. Throws `ConfigError` listing every problem. */
export function configFromEnv(env: Env = process.env): GatewayConfig {
  const parsed = parseConfig(gatewayEnv, env);
  return {
    ...serviceConfig({ ...parsed, SERVICE_HOST: parsed.HOST, SERVICE_PORT: parsed.PORT }),
    upstreams: {
      ...(Object.fromEntries(
        API_SERVICES.map((service) => [service, parsed[urlVariable(service)]]),
      ) as Record<ApiService, string>),
      ...(parsed.IDENTITY_URL ? { identity: parsed.IDENTITY_URL } : {}),
    },
    kafka: kafkaConfig(parsed),
    trustedProxies: parsed.TRUSTED_PROXIES,
    https: parsed.HTTPS,
    limits: {
      inFlight: parsed.MAX_IN_FLIGHT,
      inFlightPerService: parsed.MAX_IN_FLIGHT_PER_SERVICE,
      streamedPerService: parsed.MAX_STREAMED_PER_SERVICE,
      bodyBytes: parsed.MAX_BODY_BYTES,
      uploadBytes: parsed.MAX_UPLOAD_BYTES,
      rate: parsed.RATE_LIMIT,
      rateWindowMs: parsed.RATE_LIMIT_WINDOW_MS,
    },
    timeouts: {
      deadlineMs: parsed.DEADLINE_MS,
      partMs: parsed.PART_DEADLINE_MS,
      uploadDeadlineMs: parsed.UPLOAD_DEADLINE_MS,
      connectMs: parsed.CONNECT_TIMEOUT_MS,
      circuit: { failures: parsed.CIRCUIT_FAILURES, openMs: parsed.CIRCUIT_OPEN_MS },
    },
    stream: {
      windowSize: parsed.STREAM_WINDOW,
      maxStreams: parsed.MAX_STREAMS,
      maxPerClient: parsed.MAX_STREAMS_PER_CLIENT,
      flushMs: 50,
      heartbeatMs: 15_000,
      recheckMs: 30_000,
      stallMs: 60_000,
    },
  };
}
