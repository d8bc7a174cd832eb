import { Module, type DynamicModule } from '@nestjs/common';
import { directoryHandlers, directoryMigrations, DirectoryModule } from '@steward/directory';
import { MessagingModule, messagingMigrations, type HandlerClass } from '@steward/messaging';
import {
  AuditModule,
  ImportModule,
  importMigrations,
  PlatformModule,
  type MigrationClass,
} from '@steward/platform';
import { CHARGING } from './charging.features.js';
import type { BillingConfig } from './config.js';
import { PAYMENT } from './payment.features.js';
import { RATING } from './rating.features.js';

export const SERVICE = 'billing';

/** The topics that it publishes on. */
export const TOPICS = ['billing.v1'];

const FEATURES = [CHARGING, RATING, PAYMENT];
const handlers = FEATURES.flatMap((part) => Object.entries(part.handlers));
const providers = [
  ...FEATURES.flatMap((part) => part.providers),
  ...handlers.flatMap(([, classes]) => classes as never[]),
];

export const migrations: readonly MigrationClass[] = [
  ...messagingMigrations,
  ...directoryMigrations,
  ...importMigrations,
  ...FEATURES.flatMap((part) => part.migrations).sort((a, b) => timeOf(a) - timeOf(b)),
];

const consumers = [...Map.groupBy(handlers, ([name]) => name)].map(([name, list]) => ({
  name,
  handlers: list.flatMap(([, classes]): readonly HandlerClass[] => classes),
}));

/** The features: what the routes, the schedulers and the imports use. */
@Module({
  controllers: FEATURES.flatMap((part) => part.controllers),
  providers,
  exports: providers,
})
class FeaturesModule {}

/** The whole wiring of the service. */
@Module({})
export class BillingModule {
  static forRoot(config: BillingConfig): DynamicModule {
    return {
      module: BillingModule,
      imports: [
        PlatformModule.forRoot(config, { service: SERVICE, entities: [], migrations }),
        MessagingModule.forRoot({
          service: SERVICE,
          topics: TOPICS,
          consumers: [{ name: 'billing-directory', handlers: [...directoryHandlers] }, ...consumers],
        }),
        DirectoryModule.forRoot(),
        AuditModule.forRoot({ service: SERVICE }),
        FeaturesModule,
        ImportModule.forRoot({
          service: SERVICE,
          kinds: FEATURES.flatMap((part) => part.imports),
          imports: [FeaturesModule],
        }),
      ],
    };
  }
}

function timeOf({ name }: MigrationClass): number {
  return Number(/\d+$/.exec(name)![0]);
}
