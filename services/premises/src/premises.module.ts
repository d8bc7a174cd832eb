import { Module, type DynamicModule } from '@nestjs/common';
import { directoryHandlers, directoryMigrations, DirectoryModule } from '@steward/directory';
import { MessagingModule, messagingMigrations } from '@steward/messaging';
import {
  AuditModule,
  ImportModule,
  importMigrations,
  PlatformModule,
  type MigrationClass,
} from '@steward/platform';
import { BuildingController } from './building/building.controller.js';
import { BuildingRepository } from './building/building.repository.js';
import { BuildingService } from './building/building.service.js';
import type { PremisesConfig } from './config.js';
import { CountForItselfWhenCustomerMergeUndone } from './customer/count-for-itself-when-customer-merge-undone.handler.js';
import { CountForSurvivorWhenCustomerMerged } from './customer/count-for-survivor-when-customer-merged.handler.js';
import { CustomerService } from './customer/customer.service.js';
import { LoseCustomerWhenCustomerUnlinked } from './customer/lose-customer-when-customer-unlinked.handler.js';
import { SeeCustomerWhenCustomerLinked } from './customer/see-customer-when-customer-linked.handler.js';
import { BuildingImportService } from './import/building-import.service.js';
import { MeterImportService } from './import/meter-import.service.js';
import { OccupancyImportService } from './import/occupancy-import.service.js';
import { PropertyUnitImportService } from './import/property-unit-import.service.js';
import { MeterController } from './meter/meter.controller.js';
import { MeterRepository } from './meter/meter.repository.js';
import { MeterService } from './meter/meter.service.js';
import { Premises1760000040000 } from './migrations/1760000040000-premises.js';
import { OccupancyController } from './occupancy/occupancy.controller.js';
import { OccupancyRepository } from './occupancy/occupancy.repository.js';
import { OccupancyService } from './occupancy/occupancy.service.js';
import { PlaceService } from './place.service.js';
import { PropertyUnitController } from './property-unit/property-unit.controller.js';
import { PropertyUnitRepository } from './property-unit/property-unit.repository.js';
import { PropertyUnitService } from './property-unit/property-unit.service.js';
import { RecordRepository } from './record.repository.js';

export const SERVICE = 'premises';

/** The topics that it publishes on. */
export const TOPICS = ['premises.v1'];

const customerHandlers = [
  SeeCustomerWhenCustomerLinked,
  LoseCustomerWhenCustomerUnlinked,
  CountForSurvivorWhenCustomerMerged,
  CountForItselfWhenCustomerMergeUndone,
];

export const migrations: readonly MigrationClass[] = [
  ...messagingMigrations,
  ...directoryMigrations,
  ...importMigrations,
  Premises1760000040000,
];

/** The features: what the routes and the imports use. */
@Module({
  controllers: [BuildingController, PropertyUnitController, OccupancyController, MeterController],
  providers: [
    PlaceService,
    RecordRepository,
    BuildingRepository,
    BuildingService,
    PropertyUnitRepository,
    PropertyUnitService,
    CustomerService,
    ...customerHandlers,
    OccupancyRepository,
    OccupancyService,
    MeterRepository,
    MeterService,
  ],
  exports: [
    PlaceService,
    BuildingRepository,
    BuildingService,
    PropertyUnitRepository,
    PropertyUnitService,
    OccupancyService,
    MeterService,
    CustomerService,
  ],
})
class FeaturesModule {}

/** The whole wiring of the service. */
@Module({})
export class PremisesModule {
  static forRoot(config: PremisesConfig): DynamicModule {
    return {
      module: PremisesModule,
      imports: [
        PlatformModule.forRoot(config, { service: SERVICE, entities: [], migrations }),
        MessagingModule.forRoot({
          service: SERVICE,
          topics: TOPICS,
          consumers: [
            { name: 'premises-directory', handlers: [...directoryHandlers] },
            { name: 'premises-customers', handlers: customerHandlers },
          ],
        }),
        DirectoryModule.forRoot(),
        AuditModule.forRoot({ service: SERVICE }),
        FeaturesModule,
        ImportModule.forRoot({
          service: SERVICE,
          kinds: [
            BuildingImportService,
            PropertyUnitImportService,
            MeterImportService,
            OccupancyImportService,
          ],
          imports: [FeaturesModule],
        }),
      ],
    };
  }
}
