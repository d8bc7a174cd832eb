import { describe, expect, it } from '@jest/globals';
import { readSettings } from './settings.js';

describe('settings of the runner', () => {
  it('listen on the loopback only and keep the state in var unless told otherwise', () => {
    const settings = readSettings([], {});
    expect(settings).toMatchObject({ host: '127.0.0.1', port: 8080, processes: false });
    expect(settings.dataDir).toMatch(/\/var$/);
  });

  it('take addresses that replace the embedded parts; empty ones count as absent', () => {
    const env = {
      DATABASE_URL: 'postgres://db/postgres',
      KAFKA_BROKERS: '',
      OIDC_ISSUER: 'https://id',
      PORT: '9090',
    };
    expect(readSettings(['--processes'], env)).toMatchObject({
      processes: true,
      port: 9090,
      databaseUrl: 'postgres://db/postgres',
      brokers: undefined,
      issuer: 'https://id',
    });
  });

  it('answer an unknown argument with the usage', () => {
    expect(() => readSettings(['--procesess'], {})).toThrow(/npm start \[-- --processes\]/);
  });
});
