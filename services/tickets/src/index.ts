import { createService, type RunningService } from '@steward/platform';
import type { TicketsConfig } from './config.js';
import { SERVICE, TicketsModule } from './tickets.module.js';

export { configFromEnv, type TicketsConfig } from './config.js';
export { migrations, SERVICE } from './tickets.module.js';

/** Starts the tickets service: HTTP, relay, consumers, schedulers. */
export const createApp = (config: TicketsConfig): Promise<RunningService> =>
  createService(
    {
      name: SERVICE,
      version: '1',
      module: TicketsModule.forRoot(config),
      openapi: { title: 'Tickets', description: 'Repairs, complaints, suggestions, inquiries, paid services, hazards.' },
    },
    config,
  );
