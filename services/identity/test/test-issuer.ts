import { fixedClock } from '@steward/kernel';
import { createTestDatabase, freePort, type TestDatabase } from '@steward/testing';
import { createRemoteJWKSet, jwtVerify, type JWTVerifyOptions } from 'jose';
import { createApp, configFromEnv, type IdentityConfig, type RunningIdentity } from '../src/index.js';

const SECRET = 'partner-secret-of-the-test';

/** A token request of the demo partner. */
export const PARTNER = { client_id: 'demo-partner', client_secret: SECRET, grant_type: 'client_credentials' };

/** An issuer on a database and a port of its own, which survive its restart. */
export class TestIssuer {
  readonly clock = fixedClock(new Date('2026-01-05T08:00:00Z'));

  private constructor(
    readonly database: TestDatabase,
    private readonly config: IdentityConfig,
    private running?: RunningIdentity,
  ) {}

  static async start(): Promise<TestIssuer> {
    const database = await createTestDatabase('identity');
    const config = configFromEnv({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      SERVICE_PORT: String(await freePort()),
      DATABASE_URL: database.appUrl,
      MIGRATION_URL: database.ownerUrl,
      DEMO_USERS: JSON.stringify([
        { login: 'eb1.clerk', displayName: '陈静' },
        { login: 'hq.admin', displayName: 'Zhou Min' },
      ]),
      DEMO_PARTNER_SECRET: SECRET,
    });
    const issuer = new TestIssuer(database, config);
    await issuer.restart();
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${this.config.port}`;
  }

  /** Ends the process's part of the issuer and starts it again. */
  async restart(): Promise<void> {
    await this.running?.stop();
    this.running = await this.copy();
  }

  /** One more issuer with other settings, on the same database unless they say otherwise. */
  copy(changes: Partial<IdentityConfig> = {}): Promise<RunningIdentity> {
    return createApp({ ...this.config, ...changes }, { clock: this.clock });
  }

  /** Verifies an access token as a service does, with the keys that the issuer publishes now. */
  verify(token: string, options: JWTVerifyOptions = {}) {
    const keys = createRemoteJWKSet(new URL(`${this.url}/jwks`));
    return jwtVerify(token, keys, { issuer: this.url, audience: 'platform-api', ...options });
  }

  async close(): Promise<void> {
    await this.running?.stop();
    await this.database.drop();
  }
}
