import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { directoryHandlers, directoryMigrations, DirectoryModule } from '@steward/directory';
import { MessagingModule, messagingMigrations } from '@steward/messaging';
import { AuditModule, PlatformModule, type MigrationClass } from '@steward/platform';
import type { PartnersConfig } from './config.js';
import { CatalogueController } from './catalogue/catalogue.controller.js';
import { CatalogueService } from './catalogue/catalogue.service.js';
import { AttemptRepository } from './delivery/attempt.repository.js';
import { DeliveryPort } from './delivery/delivery-port.js';
import { DeliveryRunner, RunnerParts } from './delivery/delivery-runner.js';
import { EndpointRepository } from './delivery/endpoint.repository.js';
import { ParkedRepository } from './delivery/parked.repository.js';
import { DeliveryTables, RoundKeeper } from './delivery/round-keeper.js';
import { RoundSender } from './delivery/round-sender.js';
import { Rounds } from './delivery/round.js';
import { TopicSender } from './delivery/topic-sender.js';
import { TestDelivery } from './delivery/test-delivery.js';
import { WebhookSender } from './delivery/webhook-sender.js';
import { FeedController } from './feed/feed.controller.js';
import { FeedService } from './feed/feed.service.js';
import { PlaceBox } from './feed/place-box.js';
import { GrantBook } from './grant/grant-book.js';
import { GrantController } from './grant/grant.controller.js';
import { GrantRecords } from './grant/grant-records.js';
import { GrantRepository } from './grant/grant.repository.js';
import { GrantService } from './grant/grant.service.js';
import { AppendToPartnerLog } from './log/append-to-partner-log.handler.js';
import { LogBell } from './log/log-bell.js';
import { LogPlaces } from './log/log-places.js';
import { LogUpkeep } from './log/log-upkeep.js';
import { LogRepository } from './log/log.repository.js';
import { LogService } from './log/log.service.js';
import { Partners1760000040000 } from './migrations/1760000040000-partners.js';
import { PartnerTopics1760000041000 } from './migrations/1760000041000-partner-topics.js';
import { SecretBook } from './subscription/secret-book.js';
import { SecretBox } from './subscription/secret-box.js';
import { SecretRepository } from './subscription/secret.repository.js';
import { SubscriptionCareController } from './subscription/subscription-care.controller.js';
import { DeliveryParts, SubscriptionCare } from './subscription/subscription-care.service.js';
import { SubscriptionRecords } from './subscription/subscription-records.js';
import { SubscriptionController } from './subscription/subscription.controller.js';
import { SubscriptionRepository } from './subscription/subscription.repository.js';
import { SubscriptionParts, SubscriptionService } from './subscription/subscription.service.js';
import { TopicAccess } from './topic/topic-access.js';
import { TopicCloser } from './topic/topic-closer.js';
import { TopicController } from './topic/topic.controller.js';
import { TopicService } from './topic/topic.service.js';

export const SERVICE = 'partners';
export const TOPICS = ['partners.v1'];

export const migrations: readonly MigrationClass[] = [
  ...messagingMigrations,
  ...directoryMigrations,
  Partners1760000040000,
  PartnerTopics1760000041000,
];

const log: Provider[] = [LogRepository, LogService, LogBell, LogPlaces, LogUpkeep, AppendToPartnerLog];
const grants: Provider[] = [GrantRepository, GrantRecords, GrantService, GrantBook];
const subscriptions: Provider[] = [
  SubscriptionRepository,
  SubscriptionRecords,
  SubscriptionParts,
  SubscriptionService,
  SubscriptionCare,
  SecretBox,
  SecretBook,
  SecretRepository,
  DeliveryParts,
];
const topics: Provider[] = [TopicAccess, TopicCloser, TopicService];
const delivery: Provider[] = [
  EndpointRepository,
  ParkedRepository,
  AttemptRepository,
  DeliveryTables,
  WebhookSender,
  TopicSender,
  DeliveryPort,
  TestDelivery,
  Rounds,
  RoundSender,
  RoundKeeper,
  RunnerParts,
  DeliveryRunner,
];

/** The whole wiring of the service. */
@Module({})
export class PartnersModule {
  static forRoot(config: PartnersConfig): DynamicModule {
    return {
      module: PartnersModule,
      imports: [
        PlatformModule.forRoot(config, { service: SERVICE, entities: [], migrations }),
        MessagingModule.forRoot({
          service: SERVICE,
          topics: TOPICS,
          consumers: [
            { name: 'partners-directory', handlers: [...directoryHandlers] },
            { name: 'partners-log', handlers: [AppendToPartnerLog] },
          ],
        }),
        DirectoryModule.forRoot(),
        AuditModule.forRoot({ service: SERVICE }),
      ],
      controllers: [
        GrantController,
        TopicController,
        SubscriptionController,
        SubscriptionCareController,
        FeedController,
        CatalogueController,
      ],
      providers: [
        ...log,
        ...grants,
        ...subscriptions,
        ...topics,
        ...delivery,
        FeedService,
        PlaceBox,
        CatalogueService,
      ],
    };
  }
}
