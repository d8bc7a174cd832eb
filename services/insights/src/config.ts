import { parseConfig, platformConfig, platformEnv, type Env, type PlatformConfig } from '@steward/platform';

export type InsightsConfig = PlatformConfig;

/** The configuration of the insights service from the environment. Throws `ConfigError` with every problem. */
export const configFromEnv = (env: Env = process.env): InsightsConfig =>
  platformConfig(parseConfig(platformEnv, env));
