import { prepareService } from '@steward/messaging';
import {
  createService,
  type RunningService,
  type ServiceDefinition,
  type ServiceOptions,
} from '@steward/platform';
import { BillingModule, migrations, SERVICE, TOPICS } from './billing.module.js';
import type { BillingConfig } from './config.js';

export { configFromEnv, type BillingConfig } from './config.js';
export { migrations, SERVICE } from './billing.module.js';

/** What the billing service is made of. */
export const definition = (config: BillingConfig): ServiceDefinition => ({
  name: SERVICE,
  version: '1',
  module: BillingModule.forRoot(config),
  openapi: {
    title: 'Billing',
    description: 'Fee items, tariffs, readings, charges, invoices, payments and the ledger of each branch.',
  },
});

/** Starts the billing service: HTTP, relay, consumers, schedulers. */
export const createApp = (config: BillingConfig, options: ServiceOptions = {}): Promise<RunningService> =>
  createService(definition(config), config, options);

/** Brings the billing service's database up to date and makes its topics, without starting it. */
export const migrate = (config: BillingConfig): Promise<void> =>
  prepareService(config, { service: SERVICE, topics: TOPICS, migrations });
export { platformEnv as environmentSchema } from '@steward/platform';
