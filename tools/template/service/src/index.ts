import { prepareService } from '@steward/messaging';
import { createService, type RunningService, type ServiceDefinition } from '@steward/platform';
import type { NewcomerConfig } from './config.js';
import { migrations, NewcomerModule, SERVICE, TOPICS } from './newcomer.module.js';

export { configFromEnv, type NewcomerConfig } from './config.js';
export { migrations, SERVICE } from './newcomer.module.js';

/** What the newcomer service is made of. */
export const definition = (config: NewcomerConfig): ServiceDefinition => ({
  name: SERVICE,
  version: '1',
  module: NewcomerModule.forRoot(config),
  openapi: { title: 'Newcomer', description: 'Notes of the branches.' },
});

/** Starts the newcomer service: HTTP, relay, consumers, schedulers. */
export const createApp = (config: NewcomerConfig): Promise<RunningService> =>
  createService(definition(config), config);

/** Brings the newcomer service's database up to date and makes its topics, without starting it. */
export const migrate = (config: NewcomerConfig): Promise<void> =>
  prepareService(config, { service: SERVICE, topics: TOPICS, migrations });
export { platformEnv as environmentSchema } from '@steward/platform';
