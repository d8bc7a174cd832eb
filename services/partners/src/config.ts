import { parseConfig, platformConfig, platformEnv, type Env, type PlatformConfig } from '@steward/platform';
import { z } from 'zod';

/** How webhooks are delivered. */
export type DeliveryConfig = Readonly<{
  /** Addresses and networks (CIDR) inside that may be called all the same, also by plain http. */
  allowedInside: readonly string[];
  /** Milliseconds that a partner has for an answer. */
  timeoutMs: number;
  /** Milliseconds that a copy holds an endpoint without saying so again; more than `timeoutMs`. */
  leaseMs: number;
  /** Milliseconds after the first, second … failure until the next probe; the last one repeats. */
  backOffMs: readonly number[];
  /** Milliseconds without any success after which an endpoint is disabled. */
  giveUpMs: number;
  /** Requests at once to one endpoint. */
  concurrency: number;
  /** Days that events stay in the log. */
  keepDays: number;
}>;

export const PROTOCOLS = ['SASL_SSL', 'SASL_PLAINTEXT'] as const;

/** Where partners read topics of their own. */
export type TopicsConfig = Readonly<{
  /** `host:port` of the listener for partners; none: partners have no topics. */
  brokers: readonly string[];
  protocol: (typeof PROTOCOLS)[number];
}>;

export type PartnersConfig = PlatformConfig & Readonly<{ delivery: DeliveryConfig; topics: TopicsConfig }>;

const DAY_MS = 86_400_000;
const count = (low: number, high: number, normal: number) =>
  z.coerce.number().int().min(low).max(high).default(normal);

/** 5 s, 1 min, 5 min, 30 min, 2 h, 5 h, 10 h, then every 14 h. */
const BACK_OFF = '5,60,300,1800,7200,18000,36000,50400';

/** Variables of the partners service. */
export const partnersEnv = platformEnv.extend({
  WEBHOOK_ALLOWED_INSIDE: z.string().max(2000).optional(),
  WEBHOOK_TIMEOUT_MS: count(100, 60_000, 10_000),
  WEBHOOK_BACK_OFF_S: z
    .string()
    .regex(/^\d+(?:\.\d+)?(?:,\d+(?:\.\d+)?)*$/, 'must be seconds, joined by commas')
    .default(BACK_OFF),
  WEBHOOK_GIVE_UP_DAYS: z.coerce.number().min(0).max(60).default(5),
  WEBHOOK_CONCURRENCY: count(1, 64, 8),
  PARTNER_LOG_DAYS: count(1, 3650, 180),
  PARTNER_KAFKA_BROKERS: z.string().max(2000).default(''),
  PARTNER_KAFKA_PROTOCOL: z.enum(PROTOCOLS).default('SASL_SSL'),
});

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

/** The configuration of the partners service from the environment. Throws `ConfigError` with every problem. */
export function configFromEnv(env: Env = process.env): PartnersConfig {
  const values = parseConfig(partnersEnv, env);
  // a developer's receiver runs on the same machine; in production nothing inside is called unless it is named
  const inside = values.WEBHOOK_ALLOWED_INSIDE ?? (values.NODE_ENV === 'production' ? '' : '127.0.0.1');
  return {
    ...platformConfig(values),
    delivery: {
      allowedInside: listed(inside),
      timeoutMs: values.WEBHOOK_TIMEOUT_MS,
      leaseMs: values.WEBHOOK_TIMEOUT_MS + 5000,
      backOffMs: values.WEBHOOK_BACK_OFF_S.split(',').map((seconds) => Number(seconds) * 1000),
      giveUpMs: values.WEBHOOK_GIVE_UP_DAYS * DAY_MS,
      concurrency: values.WEBHOOK_CONCURRENCY,
      keepDays: values.PARTNER_LOG_DAYS,
    },
    topics: { brokers: listed(values.PARTNER_KAFKA_BROKERS), protocol: values.PARTNER_KAFKA_PROTOCOL },
  };
}
