import { describe, expect, it } from '@jest/globals';
import { ConfigError, kafkaConfig, kafkaEnv, parseConfig, type Env } from './config.js';

const config = (env: Env) => kafkaConfig(parseConfig(kafkaEnv, env));
const PEM = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----';

function problemsOf(env: Env): readonly string[] {
  try {
    config(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the way to Kafka', () => {
  it('is plain and leaves everything to the brokers when nothing is said', () => {
    expect(config({})).toEqual({ brokers: ['127.0.0.1:9092'], topics: { create: true } });
  });

  it('to a managed cluster: TLS, login, prefix, copies', () => {
    const env = {
      KAFKA_BROKERS: 'a:9093, b:9093',
      KAFKA_TOPIC_PREFIX: 'steward.',
      KAFKA_TLS: 'true',
      KAFKA_CA: PEM,
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'steward',
      KAFKA_SASL_PASSWORD: 'secret',
      KAFKA_CREATE_TOPICS: 'false',
      KAFKA_REPLICATION_FACTOR: '3',
      KAFKA_MIN_INSYNC_REPLICAS: '2',
    };
    expect(config(env)).toEqual({
      brokers: ['a:9093', 'b:9093'],
      topicPrefix: 'steward.',
      tls: { ca: PEM },
      sasl: { mechanism: 'scram-sha-512', username: 'steward', password: 'secret' },
      topics: { create: false, replicas: 3, minInSyncReplicas: 2 },
    });
    expect(config({ KAFKA_TLS: 'true', KAFKA_CERT: PEM, KAFKA_KEY: PEM }).tls).toEqual({
      cert: PEM,
      key: PEM,
    });
  });

  it.each([
    [{ KAFKA_CA: PEM }, ['KAFKA_CA: needs KAFKA_TLS=true']],
    [{ KAFKA_TLS: 'true', KAFKA_CA: 'junk' }, ['KAFKA_CA: must be text in PEM format']],
    [{ KAFKA_TLS: 'true', KAFKA_CERT: PEM }, ['KAFKA_CERT: needs KAFKA_KEY']],
    [
      { KAFKA_SASL_MECHANISM: 'scram-sha-256', KAFKA_TLS: 'perhaps' },
      [
        'KAFKA_TLS: Invalid option: expected one of "true"|"1"|"yes"|"on"|"y"|"enabled"|"false"|"0"|"no"|"off"|"n"|"disabled"',
        'KAFKA_SASL_USERNAME: is not set (or KAFKA_SASL_USERNAME_FILE)',
        'KAFKA_SASL_PASSWORD: is not set (or KAFKA_SASL_PASSWORD_FILE)',
      ],
    ],
    [{ KAFKA_SASL_PASSWORD: 'secret' }, ['KAFKA_SASL_PASSWORD: needs KAFKA_SASL_MECHANISM']],
    [
      { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' },
      ['KAFKA_SASL_MECHANISM: plain shows the password to the network; it needs KAFKA_TLS=true'],
    ],
    [
      { KAFKA_TOPIC_PREFIX: 'a b' },
      ['KAFKA_TOPIC_PREFIX: may hold letters, digits, dots, hyphens and underscores'],
    ],
  ])('is refused with every problem named: %j', (env, problems) => {
    expect(problemsOf(env)).toEqual(problems);
  });
});
