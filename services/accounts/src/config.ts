import { parseConfig, platformConfig, platformEnv, type Env, type PlatformConfig } from '@steward/platform';

export type AccountsConfig = PlatformConfig;

/** The configuration of the accounts service from the environment. Throws `ConfigError` with every problem. */
export const configFromEnv = (env: Env = process.env): AccountsConfig =>
  platformConfig(parseConfig(platformEnv, env));
