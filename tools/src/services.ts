import { API_SERVICE_NAMES, API_SERVICES, type ApiServiceName } from './api-services.js';
import { demoGroup } from './demo/demo-group.js';
import type { DatabaseUrls } from './runner/databases.js';
import type { Env } from './runner/settings.js';

export type ServiceName = 'identity' | ApiServiceName | 'gateway';

/** A started service as the runner sees it. */
export type Running = Readonly<{ name: string; url: string; stop(): Promise<void> }>;

/** What the surroundings of a service are made of. */
export type Surroundings = Readonly<{
  env: Env;
  ports: Readonly<Record<ServiceName, number>>;
  databases: Readonly<Record<string, DatabaseUrls>>;
  /** the gateway's address as browsers see it */
  gatewayUrl: string;
  host: string;
  issuer: string;
  brokers: string;
  /** where readers outside log in to the embedded Kafka */
  guardedBrokers?: string | undefined;
  auditKey: string;
  demoPartnerSecret: string;
}>;

export type ServiceEntry = Readonly<{
  name: ServiceName;
  ownsDatabase: boolean;
  /** what this service needs beyond what every service gets */
  environment(around: Surroundings): Env;
  /** loads its code; what that gives starts it in this process, from the variables a process of its own would read */
  load(): Promise<(env: Env) => Promise<Running>>;
}>;

const LOOPBACK = '127.0.0.1';
const urlOf = (around: Surroundings, name: ServiceName) => `http://${LOOPBACK}:${around.ports[name]}`;

/** What a service needs beyond what every service gets. */
const OWN_ENVIRONMENT: Partial<Record<ApiServiceName, (around: Surroundings) => Env>> = {
  organisation: () => ({
    BOOTSTRAP_ADMIN_SUBJECT: demoGroup.administrator,
    BOOTSTRAP_GROUP_CODE: demoGroup.group.code,
    BOOTSTRAP_GROUP_NAME: demoGroup.group.name,
    BOOTSTRAP_TIME_ZONE: demoGroup.timeZone,
    BOOTSTRAP_LOCALE: demoGroup.locale,
  }),
  partners: ({ env, guardedBrokers }) =>
    guardedBrokers === undefined || env.PARTNER_KAFKA_BROKERS
      ? {}
      : { PARTNER_KAFKA_BROKERS: guardedBrokers, PARTNER_KAFKA_PROTOCOL: 'SASL_PLAINTEXT' },
};

/** Every service of the platform, in the order in which they are started; they are stopped the other way round. */
export const SERVICES: readonly ServiceEntry[] = [
  {
    name: 'identity',
    ownsDatabase: true,
    environment: (around) => ({
      ISSUER_URL: around.issuer,
      WEB_ORIGINS: webOrigins(around),
      DEMO_USERS: JSON.stringify(
        demoGroup.employees.map(({ login, displayName }) => ({ login, displayName })),
      ),
      DEMO_PARTNER_SECRET: around.demoPartnerSecret,
    }),
    load: async () => {
      const { createApp, configFromEnv } = await import('@steward/service-identity');
      return (env) => createApp(configFromEnv(env));
    },
  },
  ...API_SERVICE_NAMES.map(apiService),
  {
    name: 'gateway',
    ownsDatabase: false,
    environment: (around) => ({
      HOST: around.host,
      PORT: String(around.ports.gateway),
      ...Object.fromEntries(
        API_SERVICE_NAMES.map((name) => [`${name.toUpperCase()}_URL`, urlOf(around, name)]),
      ),
      IDENTITY_URL: around.issuer,
    }),
    load: async () => {
      const { createApp, configFromEnv } = await import('@steward/service-gateway');
      return (env) => createApp(configFromEnv(env));
    },
  },
];

function apiService(name: ApiServiceName): ServiceEntry {
  return {
    name,
    ownsDatabase: true,
    environment: (around) => OWN_ENVIRONMENT[name]?.(around) ?? {},
    load: async () => {
      const { createApp, configFromEnv } = await API_SERVICES[name]();
      return (env) => createApp(configFromEnv(env));
    },
  };
}

/** The variables of one service: the same whether it shares our process or has its own. */
export function environmentOf(service: ServiceEntry, around: Surroundings): Env {
  const { env } = around;
  const upper = service.name.toUpperCase();
  const database = around.databases[service.name];
  return {
    ...env,
    NODE_ENV: env.NODE_ENV || 'development',
    LOG_LEVEL: env.LOG_LEVEL || 'warn',
    SERVICE_HOST: LOOPBACK,
    SERVICE_PORT: String(around.ports[service.name]),
    KAFKA_BROKERS: around.brokers,
    OIDC_ISSUER: around.issuer,
    AUDIT_KEY: env.AUDIT_KEY || around.auditKey,
    DATABASE_URL: env[`${upper}_DATABASE_URL`] || database?.app,
    WORKER_DATABASE_URL: env[`${upper}_WORKER_DATABASE_URL`] || database?.worker,
    MIGRATION_URL: env[`${upper}_MIGRATION_URL`] || database?.owner,
    ...service.environment(around),
  };
}

/** A browser may name this machine either way. */
function webOrigins(around: Surroundings): string {
  const port = around.ports.gateway;
  return [...new Set([around.gatewayUrl, `http://127.0.0.1:${port}`, `http://localhost:${port}`])].join(',');
}
