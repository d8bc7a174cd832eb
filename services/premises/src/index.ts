import { createService, type RunningService, type ServiceDefinition } from '@steward/platform';
import { PremisesModule, SERVICE } from './premises.module.js';
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
export const createApp = (config: PremisesConfig): Promise<RunningService> =>
  createService(definition(config), config);
