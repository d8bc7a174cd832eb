import { parseConfig, platformConfig, platformEnv, type Env, type PlatformConfig } from '@steward/platform';

export type PremisesConfig = PlatformConfig;

/** The configuration of the premises service from the environment. Throws `ConfigError` with every problem. */
export const configFromEnv = (env: Env = process.env): PremisesConfig =>
  platformConfig(parseConfig(platformEnv, env));
