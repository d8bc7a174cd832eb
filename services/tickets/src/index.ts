import { prepareService } from '@steward/messaging';
import {
  createService,
  type RunningService,
  type ServiceDefinition,
  type ServiceOptions,
} from '@steward/platform';
import type { TicketsConfig } from './config.js';
import { migrations, SERVICE, TicketsModule, TOPICS } from './tickets.module.js';

export { configFromEnv, type TicketsConfig } from './config.js';
export { migrations, SERVICE } from './tickets.module.js';

/** What the tickets service is made of. */
export const definition = (config: TicketsConfig): ServiceDefinition => ({
  name: SERVICE,
  version: '1',
  module: TicketsModule.forRoot(config),
  openapi: {
    title: 'Tickets',
    description: 'Repairs, complaints, suggestions, inquiries, paid services, hazards.',
  },
});

/** Starts the tickets service: HTTP, relay, consumers, schedulers. */
export const createApp = (config: TicketsConfig, options: ServiceOptions = {}): Promise<RunningService> =>
  createService(definition(config), config, options);

/** Brings the tickets service's database up to date and makes its topics, without starting it. */
export const migrate = (config: TicketsConfig): Promise<void> =>
  prepareService(config, { service: SERVICE, topics: TOPICS, migrations });
export { platformEnv as environmentSchema } from '@steward/platform';
