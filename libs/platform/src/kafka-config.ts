import { z } from 'zod';
import { checked, developmentDefault, isOn, type VariableCheck } from './config-parsing.js';

const pem = z.string().includes('-----BEGIN', { message: 'must be text in PEM format' });
const list = z.string().transform((text) => text.split(',').map((item) => item.trim()).filter(Boolean)); // prettier-ignore

const onlyWithTls = (name: string): VariableCheck => {
  return (values) => (values[name] && !isOn(values.KAFKA_TLS, false) ? 'needs KAFKA_TLS=true' : undefined);
};
const onlyWithSasl = (name: string): VariableCheck => {
  return (values) => {
    if (values.KAFKA_SASL_MECHANISM) return values[name] ? undefined : `is not set (or ${name}_FILE)`;
    return values[name] ? 'needs KAFKA_SASL_MECHANISM' : undefined;
  };
};
const pair = (name: string, other: string): VariableCheck => {
  return (values) =>
    onlyWithTls(name)(values) ?? (values[name] && !values[other] ? `needs ${other}` : undefined);
};
const noClearPassword: VariableCheck = (values) =>
  values.KAFKA_SASL_MECHANISM === 'plain' && !isOn(values.KAFKA_TLS, false)
    ? 'plain shows the password to the network; it needs KAFKA_TLS=true'
    : undefined;

/** Variables of every process that speaks to Kafka, on this machine or in a managed cluster. */
export const kafkaEnv = z.object({
  KAFKA_BROKERS: developmentDefault(list.pipe(z.array(z.string()).min(1)), '127.0.0.1:9092'),
  KAFKA_TOPIC_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,100}$/, 'may hold letters, digits, dots, hyphens and underscores')
    .optional(),
  KAFKA_TLS: z.stringbool().default(false),
  KAFKA_CA: checked(pem.optional(), onlyWithTls('KAFKA_CA')),
  KAFKA_CERT: checked(pem.optional(), pair('KAFKA_CERT', 'KAFKA_KEY')),
  KAFKA_KEY: checked(pem.optional(), pair('KAFKA_KEY', 'KAFKA_CERT')),
  KAFKA_SASL_MECHANISM: checked(
    z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
    noClearPassword,
  ),
  KAFKA_SASL_USERNAME: checked(z.string().optional(), onlyWithSasl('KAFKA_SASL_USERNAME')),
  KAFKA_SASL_PASSWORD: checked(z.string().optional(), onlyWithSasl('KAFKA_SASL_PASSWORD')),
  KAFKA_CREATE_TOPICS: z.stringbool().default(true),
  KAFKA_REPLICATION_FACTOR: z.coerce.number().int().min(1).max(10).optional(),
  KAFKA_MIN_INSYNC_REPLICAS: z.coerce.number().int().min(1).max(10).optional(),
});

/** How a process reaches Kafka, and how topics that it makes are kept. */
export type KafkaConfig = Readonly<{
  /** `host:port` of some brokers. */
  brokers: readonly string[];
  /** Stands before the names of topics and groups, so that installations can share a cluster. */
  topicPrefix?: string;
  /** Connections are encrypted and the brokers' names checked; texts in PEM format. Without `ca`, Node's own authorities count. */
  tls?: Readonly<{ ca?: string; cert?: string; key?: string }>;
  sasl?: Readonly<{
    mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    username: string;
    password: string;
  }>;
  /** Of topics that are made: copies, and how many must have a message before it counts; the brokers' defaults when left out. */
  topics?: Readonly<{ create?: boolean; replicas?: number; minInSyncReplicas?: number }>;
}>;

const given = <T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;

/** The way to Kafka, from its parsed variables. */
export function kafkaConfig(env: z.output<typeof kafkaEnv>): KafkaConfig {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD } = env;
  return {
    brokers: env.KAFKA_BROKERS,
    ...given({ topicPrefix: env.KAFKA_TOPIC_PREFIX }),
    ...(env.KAFKA_TLS ? { tls: given({ ca: env.KAFKA_CA, cert: env.KAFKA_CERT, key: env.KAFKA_KEY }) } : {}),
    ...(mechanism
      ? { sasl: { mechanism, username: KAFKA_SASL_USERNAME ?? '', password: KAFKA_SASL_PASSWORD ?? '' } }
      : {}),
    topics: {
      create: env.KAFKA_CREATE_TOPICS,
      ...given({ replicas: env.KAFKA_REPLICATION_FACTOR, minInSyncReplicas: env.KAFKA_MIN_INSYNC_REPLICAS }),
    },
  };
}
