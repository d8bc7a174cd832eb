import { createService, type RunningService, type ServiceDefinition } from '@steward/platform';
import type { InsightsConfig } from './config.js';
import { SERVICE, InsightsModule } from './insights.module.js';

export { configFromEnv, type InsightsConfig } from './config.js';
export { migrations, SERVICE } from './insights.module.js';

/** What the insights service is made of. */
export const definition = (config: InsightsConfig): ServiceDefinition => ({
  name: SERVICE,
  version: '1',
  module: InsightsModule.forRoot(config),
  openapi: { title: 'Insights', description: 'Headquarters figures that open down to their records.' },
});

/** Starts the insights service: HTTP, relay, consumers, schedulers. */
export const createApp = (config: InsightsConfig): Promise<RunningService> =>
  createService(definition(config), config);
