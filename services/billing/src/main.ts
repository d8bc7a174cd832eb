import { runMain } from '@steward/platform';
import { configFromEnv, createApp, migrate } from './index.js';

await runMain('billing', createApp, configFromEnv, { migrate });
