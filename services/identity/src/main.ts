import { runMain } from '@steward/platform';
import { configFromEnv, createApp, migrate } from './index.js';

await runMain('identity', (config) => createApp(config), configFromEnv, { migrate });
