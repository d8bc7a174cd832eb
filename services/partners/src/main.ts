import { runMain } from '@steward/platform';
import { configFromEnv, createApp, migrate } from './index.js';

await runMain('partners', createApp, configFromEnv, { migrate });
