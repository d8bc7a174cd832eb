import { prepareService } from '@steward/messaging';
import {
  createService,
  type RunningService,
  type ServiceDefinition,
  type ServiceOptions,
} from '@steward/platform';
import type { InsightsConfig } from './config.js';
import { InsightsModule, migrations, SERVICE, TOPICS } from './insights.module.js';

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
export const createApp = (config: InsightsConfig, options: ServiceOptions = {}): Promise<RunningService> =>
  createService(definition(config), config, options);

/** Brings the insights service's database up to date and makes its topics, without starting it. */
export const migrate = (config: InsightsConfig): Promise<void> =>
  prepareService(config, { service: SERVICE, topics: TOPICS, migrations });
export { platformEnv as environmentSchema } from '@steward/platform';
