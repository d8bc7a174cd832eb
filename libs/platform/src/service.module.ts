import { Module, type DynamicModule } from '@nestjs/common';
import { Health } from './health.js';
import type { Logger } from './logging.js';
import { Telemetry } from './telemetry/index.js';
import { LOGGER } from './tokens.js';

/** The parts of a service that exist before its modules do. */
export type ServiceParts = Readonly<{
  health: Health;
  telemetry: Telemetry;
  logger: Logger;
}>;

/**
 * Gives every module of a service its `Health`, `Telemetry` and `LOGGER`. `createService` adds it by
 * itself; only tests that build modules without a service import it.
 */
@Module({})
export class ServiceModule {
  static forRoot(parts: ServiceParts): DynamicModule {
    return {
      module: ServiceModule,
      global: true,
      providers: [
        { provide: Health, useValue: parts.health },
        { provide: Telemetry, useValue: parts.telemetry },
        { provide: LOGGER, useValue: parts.logger },
      ],
      exports: [Health, Telemetry, LOGGER],
    };
  }
}
