import { parseConfig, platformConfig, platformEnv, type Env, type PlatformConfig } from '@steward/platform';

export type TicketsConfig = PlatformConfig;

/** The configuration of the tickets service from the environment. Throws `ConfigError` with every problem. */
export const configFromEnv = (env: Env = process.env): TicketsConfig =>
  platformConfig(parseConfig(platformEnv, env));
