import { parseConfig, platformConfig, platformEnv, type Env, type PlatformConfig } from '@steward/platform';

export type NewcomerConfig = PlatformConfig;

/** The configuration of the newcomer service from the environment. Throws `ConfigError` with every problem. */
export const configFromEnv = (env: Env = process.env): NewcomerConfig =>
  platformConfig(parseConfig(platformEnv, env));
