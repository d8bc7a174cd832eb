import { createService, type RunningService, type ServiceDefinition } from '@steward/platform';
import { AccountsModule, SERVICE } from './accounts.module.js';
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
export const createApp = (config: AccountsConfig): Promise<RunningService> =>
  createService(definition(config), config);
