import { prepareService } from '@steward/messaging';
import {
  createService,
  type RunningService,
  type ServiceDefinition,
  type ServiceOptions,
} from '@steward/platform';
import { AccountsModule, migrations, SERVICE, TOPICS } from './accounts.module.js';
import type { AccountsConfig } from './config.js';

export { configFromEnv, type AccountsConfig } from './config.js';
export { migrations, SERVICE } from './accounts.module.js';

/** What the accounts service is made of. */
export const definition = (config: AccountsConfig): ServiceDefinition => ({
  name: SERVICE,
  version: '1',
  module: AccountsModule.forRoot(config),
  openapi: {
    title: 'Accounts',
    description: 'The customer master of the group: who a customer is, who sees it, who speaks for it.',
  },
});

/** Starts the accounts service: HTTP, relay, consumers, schedulers. */
export const createApp = (config: AccountsConfig, options: ServiceOptions = {}): Promise<RunningService> =>
  createService(definition(config), config, options);

/** Brings the accounts service's database up to date and makes its topics, without starting it. */
export const migrate = (config: AccountsConfig): Promise<void> =>
  prepareService(config, { service: SERVICE, topics: TOPICS, migrations });
export { platformEnv as environmentSchema } from '@steward/platform';
