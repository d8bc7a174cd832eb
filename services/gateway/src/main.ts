import { runMain } from '@steward/platform';
import { configFromEnv } from './config.js';
import { createApp } from './gateway.js';

await runMain('gateway', createApp, configFromEnv);
