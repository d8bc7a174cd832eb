import { Module, type DynamicModule } from '@nestjs/common';
import { directoryHandlers, directoryMigrations, DirectoryModule } from '@steward/directory';
import { MessagingModule, messagingMigrations } from '@steward/messaging';
import { AuditModule, PlatformModule, type MigrationClass } from '@steward/platform';
import type { InsightsConfig } from './config.js';
import { BillingFactRepository } from './billing/billing-fact.repository.js';
import { BillingFactService } from './billing/billing-fact.service.js';
import { BillingFigureController } from './billing/billing-figure.controller.js';
import { BillingFigureRepository } from './billing/billing-figure.repository.js';
import { BillingFigureService } from './billing/billing-figure.service.js';
import { CountChargeWhenChargeRaised } from './billing/count-charge-when-charge-raised.handler.js';
import { CountPaymentWhenPaymentReceived } from './billing/count-payment-when-payment-received.handler.js';
import { LowerReceivableWhenCreditNoteIssued } from './billing/lower-receivable-when-credit-note-issued.handler.js';
import { SettleChargeWhenChargeAllocated } from './billing/settle-charge-when-charge-allocated.handler.js';
import { TakeChargeBackWhenChargeReversed } from './billing/take-charge-back-when-charge-reversed.handler.js';
import { TakePaymentBackWhenPaymentReversed } from './billing/take-payment-back-when-payment-reversed.handler.js';
import { CloseTicketWhenTicketCancelled } from './figure/close-ticket-when-ticket-cancelled.handler.js';
import { CloseTicketWhenTicketCompleted } from './figure/close-ticket-when-ticket-completed.handler.js';
import { CountTicketWhenTicketRegistered } from './figure/count-ticket-when-ticket-registered.handler.js';
import { FactRepository } from './figure/fact.repository.js';
import { FactService } from './figure/fact.service.js';
import { FigureController } from './figure/figure.controller.js';
import { FigureRepository } from './figure/figure.repository.js';
import { FigureService } from './figure/figure.service.js';
import { KeepCallbackWhenCallbackRecorded } from './figure/keep-callback-when-callback-recorded.handler.js';
import { ExpectCallbackWhenCallbackScheduled } from './figure/expect-callback-when-callback-scheduled.handler.js';
import { CallbackFactRepository } from './figure/callback-fact.repository.js';
import { CallbackFactService } from './figure/callback-fact.service.js';
import { OpenTicketWhenReworkOrdered } from './figure/open-ticket-when-rework-ordered.handler.js';
import { MoveDeadlineWhenTicketPaused } from './figure/move-deadline-when-ticket-paused.handler.js';
import { MoveDeadlineWhenTicketResumed } from './figure/move-deadline-when-ticket-resumed.handler.js';
import { OpenTicketWhenTicketReopened } from './figure/open-ticket-when-ticket-reopened.handler.js';
import { RecountTicketWhenTicketClassified } from './figure/recount-ticket-when-ticket-classified.handler.js';
import { TicketFacts1760000020000 } from './migrations/1760000020000-ticket-facts.js';
import { BillingFacts1760000021000 } from './migrations/1760000021000-billing-facts.js';
import { ClosingStatements1760000022000 } from './migrations/1760000022000-closing-statements.js';
import { TicketTallies1760000023000 } from './migrations/1760000023000-ticket-tallies.js';
import { ClosingsForSites1760000024000 } from './migrations/1760000024000-closings-for-sites.js';
import { ClosingStatementController } from './month/closing-statement.controller.js';
import { ClosingStatementRepository } from './month/closing-statement.repository.js';
import { ClosingStatementService } from './month/closing-statement.service.js';
import { MonthClosingController } from './month/month-closing.controller.js';
import { MonthClosingRepository } from './month/month-closing.repository.js';
import { MonthClosingService } from './month/month-closing.service.js';
import { CONSUMER, GenerationBuild } from './rebuild/generation-build.service.js';
import { GenerationRepository } from './rebuild/generation.repository.js';
import { GenerationService } from './rebuild/generation.service.js';
import { RebuildController } from './rebuild/rebuild.controller.js';
import { TallyRepository } from './tally/tally.repository.js';
import { TallyWorker } from './tally/tally.worker.js';

export const SERVICE = 'insights';
export const TOPICS = ['insights.v1'];

export const migrations: readonly MigrationClass[] = [
  ...messagingMigrations,
  ...directoryMigrations,
  TicketFacts1760000020000,
  BillingFacts1760000021000,
  ClosingStatements1760000022000,
  TicketTallies1760000023000,
  ClosingsForSites1760000024000,
];

const ticketHandlers = [
  CountTicketWhenTicketRegistered,
  RecountTicketWhenTicketClassified,
  MoveDeadlineWhenTicketPaused,
  MoveDeadlineWhenTicketResumed,
  CloseTicketWhenTicketCompleted,
  OpenTicketWhenTicketReopened,
  OpenTicketWhenReworkOrdered,
  CloseTicketWhenTicketCancelled,
  ExpectCallbackWhenCallbackScheduled,
  KeepCallbackWhenCallbackRecorded,
];

const billingHandlers = [
  CountChargeWhenChargeRaised,
  TakeChargeBackWhenChargeReversed,
  SettleChargeWhenChargeAllocated,
  CountPaymentWhenPaymentReceived,
  TakePaymentBackWhenPaymentReversed,
  LowerReceivableWhenCreditNoteIssued,
];

const factHandlers = [...ticketHandlers, ...billingHandlers];

const controllers = [
  RebuildController,
  FigureController,
  BillingFigureController,
  MonthClosingController,
  ClosingStatementController,
];

const providers = [
  FactRepository,
  FactService,
  FigureRepository,
  FigureService,
  GenerationRepository,
  GenerationBuild,
  GenerationService,
  CallbackFactRepository,
  CallbackFactService,
  BillingFactRepository,
  BillingFactService,
  BillingFigureRepository,
  BillingFigureService,
  MonthClosingRepository,
  MonthClosingService,
  ClosingStatementRepository,
  ClosingStatementService,
  TallyRepository,
  TallyWorker,
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
            { name: CONSUMER, handlers: factHandlers, autoStart: false },
          ],
        }),
        DirectoryModule.forRoot(),
        AuditModule.forRoot({ service: SERVICE }),
      ],
      controllers,
      providers: [...providers, ...factHandlers],
    };
  }
}
