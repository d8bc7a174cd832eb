import { Module, type DynamicModule } from '@nestjs/common';
import { directoryHandlers, directoryMigrations, DirectoryModule } from '@steward/directory';
import {
  AuditModule,
  ImportModule,
  importMigrations,
  PlatformModule,
  type MigrationClass,
} from '@steward/platform';
import { MessagingModule, messagingMigrations } from '@steward/messaging';
import { CategoryController } from './category/category.controller.js';
import { Category } from './category/category.entity.js';
import { CategoryRepository } from './category/category.repository.js';
import { CategoryService } from './category/category.service.js';
import type { TicketsConfig } from './config.js';
import { TicketAmendmentService } from './import/ticket-amendment.service.js';
import { TicketImportService } from './import/ticket-import.service.js';
import { Tickets1760000010000 } from './migrations/1760000010000-tickets.js';
import { DeadlineService } from './ticket/deadline.service.js';
import { ResumePausedTicketsService } from './ticket/resume-paused-tickets.service.js';
import { TicketIntakeService } from './ticket/ticket-intake.service.js';
import { TicketQueryService } from './ticket/ticket-query.service.js';
import { TicketController } from './ticket/ticket.controller.js';
import { Ticket } from './ticket/ticket.entity.js';
import { TicketRepository } from './ticket/ticket.repository.js';
import { TicketService } from './ticket/ticket.service.js';

export const SERVICE = 'tickets';
export const TOPICS = ['tickets.v1'];

export const migrations: readonly MigrationClass[] = [
  ...messagingMigrations,
  ...directoryMigrations,
  ...importMigrations,
  Tickets1760000010000,
];

/** The features: what the routes, the schedulers and the imports use. */
@Module({
  controllers: [TicketController, CategoryController],
  providers: [
    CategoryRepository,
    CategoryService,
    TicketRepository,
    DeadlineService,
    TicketIntakeService,
    TicketService,
    TicketQueryService,
    TicketAmendmentService,
    ResumePausedTicketsService,
  ],
  exports: [CategoryService, TicketRepository, DeadlineService, TicketAmendmentService],
})
class FeaturesModule {}

/** The whole wiring of the service. */
@Module({})
export class TicketsModule {
  static forRoot(config: TicketsConfig): DynamicModule {
    return {
      module: TicketsModule,
      imports: [
        PlatformModule.forRoot(config, { service: SERVICE, entities: [Ticket, Category], migrations }),
        MessagingModule.forRoot({
          service: SERVICE,
          topics: TOPICS,
          consumers: [{ name: 'tickets-directory', handlers: [...directoryHandlers] }],
        }),
        DirectoryModule.forRoot(),
        AuditModule.forRoot({ service: SERVICE }),
        FeaturesModule,
        ImportModule.forRoot({ service: SERVICE, kinds: [TicketImportService], imports: [FeaturesModule] }),
      ],
    };
  }
}
