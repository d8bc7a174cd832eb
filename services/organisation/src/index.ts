import { prepareService } from '@steward/messaging';
import {
  createService,
  type RunningService,
  type ServiceDefinition,
  type ServiceOptions,
} from '@steward/platform';
import type { OrganisationConfig } from './config.js';
import { migrations, OrganisationModule, SERVICE, TOPICS } from './organisation.module.js';

export { configFromEnv, type BootstrapConfig, type OrganisationConfig } from './config.js';
export { migrations, SERVICE } from './organisation.module.js';

/** What the organisation service is made of. */
export const definition = (config: OrganisationConfig): ServiceDefinition => ({
  name: SERVICE,
  version: '1',
  module: OrganisationModule.forRoot(config),
  openapi: {
    title: 'Organisation',
    description: 'Units, employees and their roles, business calendars, policies.',
  },
});

/** Starts the organisation service: HTTP, relay, consumers, schedulers. */
export const createApp = (
  config: OrganisationConfig,
  options: ServiceOptions = {},
): Promise<RunningService> => createService(definition(config), config, options);

/** Brings the organisation service's database up to date and makes its topics, without starting it. */
export const migrate = (config: OrganisationConfig): Promise<void> =>
  prepareService(config, { service: SERVICE, topics: TOPICS, migrations });
export { organisationEnv as environmentSchema } from './config.js';
