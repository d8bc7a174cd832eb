import type { Features } from './features.js';
import { FeeItemController } from './fee-item/fee-item.controller.js';
import { FeeItemRepository } from './fee-item/fee-item.repository.js';
import { FeeItemService } from './fee-item/fee-item.service.js';
import { IntervalReadingImportService } from './import/interval-reading-import.service.js';
import { ReadingImportService } from './import/reading-import.service.js';
import { CloseMeterWhenMeterRemoved } from './meter/close-meter-when-meter-removed.handler.js';
import { CopyMeterWhenMeterInstalled } from './meter/copy-meter-when-meter-installed.handler.js';
import { MeterRepository } from './meter/meter.repository.js';
import { MeterService } from './meter/meter.service.js';
import { Fees1760000051000 } from './migrations/1760000051000-fees.js';
import { Readings1760000052000 } from './migrations/1760000052000-readings.js';
import { BillingRuns1760000056000 } from './migrations/1760000056000-billing-runs.js';
import { CopyOccupancyWhenOccupancyBegan } from './occupancy/copy-occupancy-when-occupancy-began.handler.js';
import { CopyOccupancyWhenOccupancyEnded } from './occupancy/copy-occupancy-when-occupancy-ended.handler.js';
import { OccupancyRepository } from './occupancy/occupancy.repository.js';
import { OccupancyService } from './occupancy/occupancy.service.js';
import { IntervalReadingRepository } from './reading/interval-reading.repository.js';
import { ReadingCommandService } from './reading/reading-command.service.js';
import { ReadingController } from './reading/reading.controller.js';
import { ReadingRepository } from './reading/reading.repository.js';
import { ReadingService } from './reading/reading.service.js';
import { BillingRunController } from './run/billing-run.controller.js';
import { BillingRunRepository } from './run/billing-run.repository.js';
import { BillingRunService } from './run/billing-run.service.js';
import { BillingRunWorker } from './run/billing-run.worker.js';
import { RunStepService } from './run/run-step.service.js';
import { ChargePartService } from './run/charge-part.service.js';
import { SubjectRepository } from './run/subject.repository.js';
import { SharedCostController } from './shared-cost/shared-cost.controller.js';
import { SharedCostRepository } from './shared-cost/shared-cost.repository.js';
import { SharedCostService } from './shared-cost/shared-cost.service.js';
import { TariffController } from './tariff/tariff.controller.js';
import { TariffRepository } from './tariff/tariff.repository.js';
import { TariffService } from './tariff/tariff.service.js';

/** Fee items, tariffs, readings and billing runs. */
export const RATING: Features = {
  controllers: [
    FeeItemController,
    TariffController,
    ReadingController,
    BillingRunController,
    SharedCostController,
  ],
  providers: [
    FeeItemRepository,
    FeeItemService,
    TariffRepository,
    TariffService,
    MeterRepository,
    MeterService,
    OccupancyRepository,
    OccupancyService,
    ReadingRepository,
    ReadingService,
    ReadingCommandService,
    IntervalReadingRepository,
    SharedCostRepository,
    SharedCostService,
    SubjectRepository,
    ChargePartService,
    BillingRunRepository,
    RunStepService,
    BillingRunWorker,
    BillingRunService,
  ],
  handlers: {
    'billing-premises': [
      CopyMeterWhenMeterInstalled,
      CloseMeterWhenMeterRemoved,
      CopyOccupancyWhenOccupancyBegan,
      CopyOccupancyWhenOccupancyEnded,
    ],
  },
  imports: [ReadingImportService, IntervalReadingImportService],
  migrations: [Fees1760000051000, Readings1760000052000, BillingRuns1760000056000],
};
