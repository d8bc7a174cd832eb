import { runMain } from '@steward/platform';
import { configFromEnv, createApp } from './index.js';

await runMain(createApp, configFromEnv);
