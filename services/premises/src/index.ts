import { prepareService } from '@steward/messaging';
import {
  createService,
  type RunningService,
  type ServiceDefinition,
  type ServiceOptions,
} from '@steward/platform';
import { PremisesModule, migrations, SERVICE, TOPICS } from './premises.module.js';
import type { PremisesConfig } from './config.js';

export { configFromEnv, type PremisesConfig } from './config.js';
export { migrations, SERVICE } from './premises.module.js';

/** What the premises service is made of. */
export const definition = (config: PremisesConfig): ServiceDefinition => ({
  name: SERVICE,
  version: '1',
  module: PremisesModule.forRoot(config),
  openapi: {
    title: 'Premises',
    description: 'Buildings, property units, who owns and occupies them, meters.',
  },
});

/** Starts the premises service: HTTP, relay, consumers, schedulers. */
export const createApp = (config: PremisesConfig, options: ServiceOptions = {}): Promise<RunningService> =>
  createService(definition(config), config, options);

/** Brings the premises service's database up to date and makes its topics, without starting it. */
export const migrate = (config: PremisesConfig): Promise<void> =>
  prepareService(config, { service: SERVICE, topics: TOPICS, migrations });
export { platformEnv as environmentSchema } from '@steward/platform';
