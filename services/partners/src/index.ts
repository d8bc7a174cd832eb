import { prepareService } from '@steward/messaging';
import { createService, type RunningService, type ServiceDefinition } from '@steward/platform';
import type { PartnersConfig } from './config.js';
import { migrations, PartnersModule, SERVICE, TOPICS } from './partners.module.js';

export { configFromEnv, type PartnersConfig } from './config.js';
export { migrations, SERVICE } from './partners.module.js';

/** What the partners service is made of. */
export const definition = (config: PartnersConfig): ServiceDefinition => ({
  name: SERVICE,
  version: '1',
  module: PartnersModule.forRoot(config),
  openapi: {
    title: 'Partners',
    description: 'Grants, subscriptions and deliveries of events to partner systems.',
  },
});

/** Starts the partners service: HTTP, relay, consumers, schedulers. */
export const createApp = (config: PartnersConfig): Promise<RunningService> =>
  createService(definition(config), config);

/** Brings the partners service's database up to date and makes its topics, without starting it. */
export const migrate = (config: PartnersConfig): Promise<void> =>
  prepareService(config, { service: SERVICE, topics: TOPICS, migrations });
export { partnersEnv as environmentSchema } from './config.js';
