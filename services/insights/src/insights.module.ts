import { Module, type DynamicModule } from '@nestjs/common';
import { directoryHandlers, directoryMigrations, DirectoryModule } from '@steward/directory';
import { MessagingModule, messagingMigrations } from '@steward/messaging';
import { AuditModule, PlatformModule, type MigrationClass } from '@steward/platform';
import type { InsightsConfig } from './config.js';
import { CloseTicketWhenTicketCancelled } from './figure/close-ticket-when-ticket-cancelled.handler.js';
import { CloseTicketWhenTicketCompleted } from './figure/close-ticket-when-ticket-completed.handler.js';
import { CountTicketWhenTicketRegistered } from './figure/count-ticket-when-ticket-registered.handler.js';
import { FactRepository } from './figure/fact.repository.js';
import { FactService } from './figure/fact.service.js';
import { FigureController } from './figure/figure.controller.js';
import { FigureRepository } from './figure/figure.repository.js';
import { FigureService } from './figure/figure.service.js';
import { MoveDeadlineWhenTicketPaused } from './figure/move-deadline-when-ticket-paused.handler.js';
import { MoveDeadlineWhenTicketResumed } from './figure/move-deadline-when-ticket-resumed.handler.js';
import { OpenTicketWhenTicketReopened } from './figure/open-ticket-when-ticket-reopened.handler.js';
import { RecountTicketWhenTicketClassified } from './figure/recount-ticket-when-ticket-classified.handler.js';
import { TicketFacts1760000020000 } from './migrations/1760000020000-ticket-facts.js';
import { CONSUMER, GenerationBuild } from './rebuild/generation-build.service.js';
import { GenerationRepository } from './rebuild/generation.repository.js';
import { GenerationService } from './rebuild/generation.service.js';
import { RebuildController } from './rebuild/rebuild.controller.js';

export const SERVICE = 'insights';
export const TOPICS = ['insights.v1'];

export const migrations: readonly MigrationClass[] = [
  ...messagingMigrations,
  ...directoryMigrations,
  TicketFacts1760000020000,
];

const ticketHandlers = [
  CountTicketWhenTicketRegistered,
  RecountTicketWhenTicketClassified,
  MoveDeadlineWhenTicketPaused,
  MoveDeadlineWhenTicketResumed,
  CloseTicketWhenTicketCompleted,
  OpenTicketWhenTicketReopened,
  CloseTicketWhenTicketCancelled,
];

/** The whole wiring of the service. */
@Module({})
export class InsightsModule {
  static forRoot(config: InsightsConfig): DynamicModule {
    return {
      module: InsightsModule,
      imports: [
        PlatformModule.forRoot(config, { service: SERVICE, migrations }),
        MessagingModule.forRoot({
          service: SERVICE,
          topics: TOPICS,
          consumers: [
            { name: 'insights-directory', handlers: [...directoryHandlers] },
            { name: CONSUMER, handlers: ticketHandlers, autoStart: false },
          ],
        }),
        DirectoryModule.forRoot(),
        AuditModule.forRoot({ service: SERVICE }),
      ],
      controllers: [FigureController, RebuildController],
      providers: [
        FactRepository,
        FactService,
        FigureRepository,
        FigureService,
        GenerationRepository,
        GenerationBuild,
        GenerationService,
        ...ticketHandlers,
      ],
    };
  }
}
