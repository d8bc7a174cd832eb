import type {
  Env,
  MigrationClass,
  PlatformConfig,
  RunningService,
  ServiceDefinition,
  ServiceOptions,
} from '@steward/platform';

/** What the code of a service with an API of its own exports. */
export type ServiceCode = Readonly<{
  configFromEnv(env: Env): PlatformConfig;
  migrations: readonly MigrationClass[];
  definition(config: PlatformConfig): ServiceDefinition;
  createApp(config: PlatformConfig, options?: ServiceOptions): Promise<RunningService>;
}>;

const LOADERS = {
  organisation: () => import('@steward/service-organisation'),
  accounts: () => import('@steward/service-accounts'),
  premises: () => import('@steward/service-premises'),
  tickets: () => import('@steward/service-tickets'),
  billing: () => import('@steward/service-billing'),
  insights: () => import('@steward/service-insights'),
  partners: () => import('@steward/service-partners'),
} satisfies Record<string, () => Promise<ServiceCode>>;

export type ApiServiceName = keyof typeof LOADERS;

/** The services with an API of their own, each with what loads its code. Runner, documents and tests go by this list. */
export const API_SERVICES: Readonly<Record<ApiServiceName, () => Promise<ServiceCode>>> = LOADERS;

export const API_SERVICE_NAMES = Object.keys(LOADERS) as readonly ApiServiceName[];
