import { runMain } from '@steward/platform';
import { configFromEnv, createApp, migrate, type IdentityConfig } from './index.js';

await runMain('identity', (config: IdentityConfig) => createApp(config), configFromEnv, { migrate });
