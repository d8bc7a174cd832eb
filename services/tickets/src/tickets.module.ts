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
import { CallbackRecordService } from './callback/callback-record.service.js';
import { CallbackScheduleService } from './callback/callback-schedule.service.js';
import { CallbackController } from './callback/callback.controller.js';
import { CallbackRepository } from './callback/callback.repository.js';
import { CallbackService } from './callback/callback.service.js';
import { CategoryController } from './category/category.controller.js';
import { Category } from './category/category.entity.js';
import { CategoryRepository } from './category/category.repository.js';
import { CategoryService } from './category/category.service.js';
import type { TicketsConfig } from './config.js';
import { TicketAmendmentService } from './import/ticket-amendment.service.js';
import { TicketImportService } from './import/ticket-import.service.js';
import { Tickets1760000010000 } from './migrations/1760000010000-tickets.js';
import { Repairs1760000050000 } from './migrations/1760000050000-repairs.js';
import { OpenTickets1760000060000 } from './migrations/1760000060000-open-tickets.js';
import { MarkTicketDueWhenChargeRaised } from './payment/mark-ticket-due-when-charge-raised.handler.js';
import { MarkTicketPaidWhenChargeAllocated } from './payment/mark-ticket-paid-when-charge-allocated.handler.js';
import { TicketChargeRepository } from './payment/ticket-charge.repository.js';
import { TicketPaymentService } from './payment/ticket-payment.service.js';
import { customerHandlers, propertyUnitHandlers } from './place/handlers.js';
import { PlaceRepository } from './place/place.repository.js';
import { PlaceService } from './place/place.service.js';
import { PriceItemController } from './price-item/price-item.controller.js';
import { PriceItemRepository } from './price-item/price-item.repository.js';
import { PriceItemService } from './price-item/price-item.service.js';
import { FindRecurrentProblemsService } from './recurrence/find-recurrent-problems.service.js';
import { RecurrenceRepository } from './recurrence/recurrence.repository.js';
import { RootCauseService } from './recurrence/root-cause.service.js';
import { QuoteRepository } from './repair/quote.repository.js';
import { RepairQueryService } from './repair/repair-query.service.js';
import { RepairController } from './repair/repair.controller.js';
import { RepairService } from './repair/repair.service.js';
import { ReworkService } from './repair/rework.service.js';
import { DeadlineService } from './ticket/deadline.service.js';
import { ResumePausedTicketsService } from './ticket/resume-paused-tickets.service.js';
import { TicketActionService } from './ticket/ticket-action.service.js';
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
  Repairs1760000050000,
  OpenTickets1760000060000,
];

const paymentHandlers = [MarkTicketDueWhenChargeRaised, MarkTicketPaidWhenChargeAllocated];

/** The features: what the routes, the schedulers and the imports use. */
@Module({
  controllers: [
    TicketController,
    RepairController,
    CallbackController,
    PriceItemController,
    CategoryController,
  ],
  providers: [
    CategoryRepository,
    CategoryService,
    TicketRepository,
    DeadlineService,
    TicketIntakeService,
    TicketActionService,
    TicketService,
    TicketQueryService,
    TicketAmendmentService,
    ResumePausedTicketsService,
    PlaceRepository,
    PlaceService,
    ...customerHandlers,
    ...propertyUnitHandlers,
    PriceItemRepository,
    PriceItemService,
    QuoteRepository,
    RepairService,
    RepairQueryService,
    ReworkService,
    TicketChargeRepository,
    TicketPaymentService,
    ...paymentHandlers,
    CallbackRepository,
    CallbackRecordService,
    CallbackScheduleService,
    CallbackService,
    RecurrenceRepository,
    RootCauseService,
    FindRecurrentProblemsService,
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
          consumers: [
            { name: 'tickets-directory', handlers: [...directoryHandlers] },
            { name: 'tickets-customers', handlers: customerHandlers },
            { name: 'tickets-property-units', handlers: propertyUnitHandlers },
            { name: 'tickets-payments', handlers: paymentHandlers },
          ],
        }),
        DirectoryModule.forRoot(),
        AuditModule.forRoot({ service: SERVICE }),
        FeaturesModule,
        ImportModule.forRoot({ service: SERVICE, kinds: [TicketImportService], imports: [FeaturesModule] }),
      ],
    };
  }
}
