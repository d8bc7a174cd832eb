import { eventually, makeTestCertificate } from '@steward/testing';
import type { DatabaseUrls } from '@steward/tools';
import { BROKER_LOGIN, type PlatformUnderFault, type Stray } from '../platform-under-fault.js';
import { toldAt } from '../told.js';
import { notReady } from './outage.js';
import type { Fault } from './fault.js';

const SERVICE = 'tickets';
const SOON = { timeoutMs: 60_000, intervalMs: 250 };

/** What is wrong, and the sentence that has to tell it: before the process ends, or while it stays and is not ready. */
type Case = Readonly<{ label: string; env: Readonly<Record<string, string>>; says: RegExp; ends: boolean }>;

const LET_IN = /does not let \w+ in: password authentication failed/;
const LOGIN = /Kafka refuses the login, see KAFKA_SASL_\*/;
const ENCRYPTED = /No encrypted connection to Kafka, see KAFKA_TLS and KAFKA_CA/;

const databaseCases = ({ app, worker, owner }: DatabaseUrls): Case[] => [
  { label: 'app-password', env: { DATABASE_URL: wrong(app) }, says: LET_IN, ends: true },
  { label: 'worker-password', env: { WORKER_DATABASE_URL: wrong(worker) }, says: LET_IN, ends: true },
  { label: 'owner-password', env: { MIGRATION_URL: wrong(owner) }, says: LET_IN, ends: true },
  {
    label: 'database-tls',
    env: { DATABASE_URL: `${app}?sslmode=verify-full` },
    says: /does not let \w+ in: The server does not support SSL/,
    ends: true,
  },
];

function brokerCases({ brokers, certificate }: NonNullable<PlatformUnderFault['guarded']>): Case[] {
  const login = {
    KAFKA_BROKERS: brokers,
    KAFKA_TLS: 'true',
    KAFKA_CA: certificate.cert,
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_SASL_USERNAME: BROKER_LOGIN.username,
    KAFKA_SASL_PASSWORD: BROKER_LOGIN.password,
  };
  const { cert } = makeTestCertificate(['127.0.0.1']);
  return [
    { label: 'broker-password', env: { ...login, KAFKA_SASL_PASSWORD: 'wrong' }, says: LOGIN, ends: false },
    { label: 'broker-authority', env: { ...login, KAFKA_CA: cert }, says: ENCRYPTED, ends: false },
    { label: 'broker-without-tls', env: { KAFKA_TLS: 'true' }, says: ENCRYPTED, ends: false },
  ];
}

/**
 * A process with a wrong password or certificate says so in one sentence and harms nobody; one whose password is changed
 * behind its back stays, is not ready, and goes on when it is right again.
 */
export const wrongCredentials: Fault = {
  name: 'wrong credentials',
  roles: ['tickets', 'insights'],
  kills: 0,
  needs: { guardedBroker: true },
  async apply({ platform, say }) {
    const all = [...databaseCases(platform.databaseOf(SERVICE)), ...brokerCases(platform.guarded!)];
    for (const { label, env, says, ends } of all) {
      const stray = await platform.stray(SERVICE, label, env);
      try {
        await (ends ? endsWith(stray, says) : staysWith(stray, says));
      } catch (error) {
        throw new Error(`${label}: ${(error as Error).message}; log: ${await stray.log()}`, { cause: error });
      } finally {
        await stray.process.stop();
      }
      say(`${label}: told`);
    }
  },
  async meanwhile({ platform, say }) {
    await changePassword(platform, 'changed-meanwhile');
    try {
      await notReady(platform, SERVICE, /database/, /password authentication failed/);
    } finally {
      await changePassword(platform, new URL(platform.databaseOf(SERVICE).worker).password);
    }
    say('a password that was changed meanwhile: told');
  },
};

async function endsWith({ process, log }: Stray, says: RegExp): Promise<void> {
  await eventually(() => process.hasEnded(), SOON);
  const code = await process.ended;
  if (code === 0 || !says.test(await log())) throw new Error(`it ended with ${code}`);
}

async function staysWith({ process, port, log }: Stray, says: RegExp): Promise<void> {
  let told = await toldAt(port);
  await eventually(async () => {
    told = await toldAt(port);
    const details = Object.values(told.checks).map(({ ok, detail = '' }) => (ok ? '' : detail));
    return told.status === 503 && details.some((detail) => says.test(detail));
  }, SOON).catch(() => {
    throw new Error(`it says ${JSON.stringify(told)}`);
  });
  if (process.hasEnded()) throw new Error('it ended');
  await eventually(async () => says.test(await log()), SOON).catch(() => {
    throw new Error('its log does not tell');
  });
}

/** For the workers of the service; their connections are cut, so that they have to log in again. */
async function changePassword(platform: PlatformUnderFault, password: string): Promise<void> {
  const role = decodeURIComponent(new URL(platform.databaseOf(SERVICE).worker).username);
  await platform.sql(SERVICE, `alter role "${role}" password '${password}'`);
  await platform.sql(SERVICE, 'select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [
    role,
  ]);
}

function wrong(url: string): string {
  const address = new URL(url);
  address.password = 'wrong';
  return address.href;
}
