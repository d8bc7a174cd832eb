import { parseConfig, platformConfig, platformEnv, type Env, type PlatformConfig } from '@steward/platform';

export type BillingConfig = PlatformConfig;

/** The configuration of the billing service from the environment. Throws `ConfigError` with every problem. */
export const configFromEnv = (env: Env = process.env): BillingConfig =>
  platformConfig(parseConfig(platformEnv, env));
