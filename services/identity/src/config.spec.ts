import { describe, expect, it } from '@jest/globals';
import { configFromEnv } from './config.js';

const ENV = {
  DATABASE_URL: 'postgres://identity_app:a@127.0.0.1/identity',
  MIGRATION_URL: 'postgres://identity_owner:b@127.0.0.1/identity',
  DEMO_USERS: '[{"login":"eb1.clerk","displayName":"Chen Jing"}]',
  DEMO_PARTNER_SECRET: 'partner-secret-of-the-demo',
};

describe('configuration of the issuer', () => {
  it('has defaults for everything that is no secret and no address', () => {
    expect(configFromEnv(ENV)).toMatchObject({
      host: '127.0.0.1',
      port: 0,
      oidc: { audience: 'platform-api' },
      tokenLifetimeSeconds: 3600,
      webOrigins: ['http://127.0.0.1:8080'],
      developmentPassword: 'steward',
      users: [{ login: 'eb1.clerk', displayName: 'Chen Jing' }],
      partners: [{ clientId: 'demo-partner', clientSecret: 'partner-secret-of-the-demo' }],
    });
  });

  it('takes the issuer as an origin and several web origins', () => {
    const env = {
      ...ENV,
      ISSUER_URL: 'http://localhost:9000/',
      WEB_ORIGINS: 'http://localhost:8080, https://demo.example',
    };
    expect(configFromEnv(env)).toMatchObject({
      issuerUrl: 'http://localhost:9000',
      webOrigins: ['http://localhost:8080', 'https://demo.example'],
    });
  });

  it('lists every problem at once', () => {
    const read = () =>
      configFromEnv({
        DEMO_USERS: 'eb1.clerk',
        ISSUER_URL: 'http://localhost:9000/auth',
        WEB_ORIGINS: 'http://demo.example',
        TOKEN_LIFETIME_SECONDS: '0',
      });
    for (const name of [
      'DATABASE_URL',
      'MIGRATION_URL',
      'DEMO_USERS',
      'DEMO_PARTNER_SECRET',
      'ISSUER_URL',
      'WEB_ORIGINS',
      'TOKEN_LIFETIME_SECONDS',
    ])
      expect(read).toThrow(name);
  });

  it('refuses production in one plain sentence, whatever else is missing', () => {
    expect(() => configFromEnv({ NODE_ENV: 'production' })).toThrow(
      /^The development issuer does not run in production/,
    );
  });
});
