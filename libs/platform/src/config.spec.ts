import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  ConfigError,
  developmentDefault,
  parseConfig,
  platformConfig,
  platformEnv,
  serviceConfig,
  serviceEnv,
} from './config.js';

const DATABASE = {
  DATABASE_URL: 'postgres://app:a@127.0.0.1:5432/tickets',
  WORKER_DATABASE_URL: 'postgres://worker:w@127.0.0.1:5432/tickets',
  MIGRATION_URL: 'postgres://owner:o@127.0.0.1:5432/tickets',
};

function problemsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('no ConfigError was thrown');
}

function secretFile(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'secret');
  writeFileSync(path, content);
  return path;
}

describe('parseConfig', () => {
  it('gives a developer everything but the addresses of the database', () => {
    const config = platformConfig(parseConfig(platformEnv, DATABASE));
    expect(config).toMatchObject({
      mode: 'development',
      host: '127.0.0.1',
      port: 0,
      oidc: { audience: 'platform-api' },
      database: { url: DATABASE.DATABASE_URL, workerUrl: DATABASE.WORKER_DATABASE_URL, poolSize: 5 },
      kafka: { brokers: ['127.0.0.1:9092'] },
      telemetry: { traces: false, metrics: false },
    });
  });

  it('joins addresses and passwords that were kept apart, and refuses two passwords', () => {
    const url = 'postgres://app@db:5432/tickets?sslmode=verify-full';
    const env = { ...DATABASE, DATABASE_URL: url, DATABASE_PASSWORD_FILE: secretFile('p@ss/w%rd\n') };
    const { database } = platformConfig(parseConfig(platformEnv, env));
    expect(database.url).toBe('postgres://app:p%40ss%2Fw%25rd@db:5432/tickets?sslmode=verify-full');
    const twice = { ...DATABASE, MIGRATION_PASSWORD: 'again' };
    expect(problemsOf(() => parseConfig(platformEnv, twice))).toEqual([
      'MIGRATION_PASSWORD: MIGRATION_URL holds a password already; keep one',
    ]);
  });

  it('needs no address of the owner where the service does not migrate', () => {
    const { MIGRATION_URL: _, ...without } = DATABASE;
    const env = { ...without, MIGRATE_ON_START: 'false' };
    const { database } = platformConfig(parseConfig(platformEnv, env));
    expect(database.migrate).toBe(false);
    expect(database).not.toHaveProperty('migrationUrl');
  });

  it('lists every problem at once', () => {
    const env = {
      ...DATABASE,
      SERVICE_PORT: '99999',
      DATABASE_URL: 'mysql://x',
      MIGRATION_URL: '',
      LOG_LEVEL: 'loud',
    };
    const problems = problemsOf(() => parseConfig(platformEnv, env));
    expect(problems.map((line) => line.split(':')[0]).sort()).toEqual(['DATABASE_URL', 'LOG_LEVEL', 'MIGRATION_URL', 'SERVICE_PORT']); // prettier-ignore
    expect(problems.join('\n')).toContain('MIGRATION_URL: is not set (or MIGRATION_URL_FILE)');
  });

  it('is a readable message with exit code 78', () => {
    const error = new ConfigError(['A: is not set', 'B: is not set']);
    expect(error.exitCode).toBe(78);
    expect(error.message).toBe('The configuration has 2 problem(s):\n  - A: is not set\n  - B: is not set');
  });

  it('never repeats a value, which may be a secret', () => {
    const env = { ...DATABASE, AUDIT_KEY: 'hunter2', DATABASE_URL: 'hunter2://hunter2' };
    expect(problemsOf(() => parseConfig(platformEnv, env)).join('\n')).not.toContain('hunter2');
  });

  it('has no default secret or developer’s address in production mode', () => {
    const problems = problemsOf(() => parseConfig(platformEnv, { NODE_ENV: 'production' }));
    expect(problems.map((line) => line.split(':')[0]).sort()).toEqual([
      'AUDIT_KEY',
      'DATABASE_URL',
      'KAFKA_BROKERS',
      'MIGRATION_URL',
      'OIDC_ISSUER',
      'WORKER_DATABASE_URL',
    ]);
  });

  it('reads any variable from the file that *_FILE names, without its last line break', () => {
    const key = 'a key of more than thirty-two characters';
    const parsed = parseConfig(platformEnv, {
      ...DATABASE,
      NODE_ENV: 'test',
      AUDIT_KEY_FILE: secretFile(`${key}\n`),
    });
    expect(parsed.AUDIT_KEY).toBe(key);
  });

  it('refuses a variable that is set twice, and a file that cannot be read', () => {
    const env = {
      ...DATABASE,
      AUDIT_KEY: 'x'.repeat(40),
      AUDIT_KEY_FILE: '/x',
      KAFKA_BROKERS_FILE: '/does/not/exist',
    };
    const problems = problemsOf(() => parseConfig(platformEnv, env));
    expect(problems).toEqual([
      'KAFKA_BROKERS: cannot read KAFKA_BROKERS_FILE /does/not/exist (ENOENT)',
      'AUDIT_KEY: both AUDIT_KEY and AUDIT_KEY_FILE are set; keep one',
    ]);
  });

  it('takes a list of brokers', () => {
    const parsed = parseConfig(platformEnv, { ...DATABASE, KAFKA_BROKERS: 'a:9092, b:9092,' });
    expect(parsed.KAFKA_BROKERS).toEqual(['a:9092', 'b:9092']);
  });

  it('keeps the issuer as it is spelt, because tokens are compared with it', () => {
    const env = { OIDC_ISSUER: 'https://login.example/' };
    expect(serviceConfig(parseConfig(serviceEnv, env)).oidc.issuer).toBe('https://login.example/');
  });

  it('sends traces where OTLP variables say so', () => {
    const env = {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces',
      OTEL_TRACES_SAMPLER_ARG: '0.1',
    };
    const { telemetry } = serviceConfig(parseConfig(serviceEnv, env));
    expect(telemetry).toMatchObject({ traces: true, metrics: false, samplerRatio: 0.1 });
  });

  it('lets a service add variables of its own', () => {
    const schema = serviceEnv.extend({ LIMIT: developmentDefault(z.coerce.number(), '7') });
    expect(parseConfig(schema, {}).LIMIT).toBe(7);
    expect(parseConfig(schema, { LIMIT: '8' }).LIMIT).toBe(8);
  });
});
