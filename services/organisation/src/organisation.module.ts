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
import { BOOTSTRAP, BootstrapService } from './bootstrap/bootstrap.service.js';
import { CalendarController } from './calendar/calendar.controller.js';
import { CalendarRepository } from './calendar/calendar.repository.js';
import { CalendarService } from './calendar/calendar.service.js';
import type { OrganisationConfig } from './config.js';
import { EmployeeErasureService } from './employee/employee-erasure.service.js';
import { RetentionService } from './employee/retention.service.js';
import { EmployeeQueryService } from './employee/employee-query.service.js';
import { EmployeeController } from './employee/employee.controller.js';
import { Employee, EmployeePerson } from './employee/employee.entity.js';
import { EmployeeRepository } from './employee/employee.repository.js';
import { EmployeeService } from './employee/employee.service.js';
import { EmployeeGrantController } from './grant/employee-grant.controller.js';
import { GrantController } from './grant/grant.controller.js';
import { GrantQueryService } from './grant/grant-query.service.js';
import { GrantRepository } from './grant/grant.repository.js';
import { GrantService } from './grant/grant.service.js';
import { RoleGrant } from './grant/role-grant.entity.js';
import { EmployeeImportService } from './import/employee-import.service.js';
import { PolicyImportService } from './import/policy-import.service.js';
import { UnitImportService } from './import/unit-import.service.js';
import { MeController } from './me/me.controller.js';
import { MeService } from './me/me.service.js';
import { Organisation1760000020000 } from './migrations/1760000020000-organisation.js';
import { Tighter1760000020001 } from './migrations/1760000020001-tighter.js';
import { PolicyQueryService } from './policy/policy-query.service.js';
import { PolicyController } from './policy/policy.controller.js';
import { PolicyRepository } from './policy/policy.repository.js';
import { PolicyService } from './policy/policy.service.js';
import { UnitController } from './unit/unit.controller.js';
import { Unit } from './unit/unit.entity.js';
import { UnitRepository } from './unit/unit.repository.js';
import { UnitService } from './unit/unit.service.js';

export const SERVICE = 'organisation';
export const TOPICS = ['organisation.v1', 'organisation.persons.v1'];

export const migrations: readonly MigrationClass[] = [
  ...messagingMigrations,
  ...directoryMigrations,
  ...importMigrations,
  Organisation1760000020000,
  Tighter1760000020001,
];

const entities = [Unit, Employee, EmployeePerson, RoleGrant];

/** The features: what the routes and the imports use. */
@Module({
  controllers: [
    UnitController,
    EmployeeController,
    EmployeeGrantController,
    GrantController,
    CalendarController,
    PolicyController,
    MeController,
  ],
  providers: [
    UnitRepository,
    UnitService,
    EmployeeRepository,
    EmployeeService,
    EmployeeQueryService,
    EmployeeErasureService,
    RetentionService,
    GrantRepository,
    GrantService,
    GrantQueryService,
    CalendarRepository,
    CalendarService,
    PolicyRepository,
    PolicyService,
    PolicyQueryService,
    MeService,
  ],
  exports: [
    UnitRepository,
    UnitService,
    EmployeeRepository,
    EmployeeService,
    GrantRepository,
    GrantService,
    PolicyService,
  ],
})
class FeaturesModule {}

/** The whole wiring of the service. */
@Module({})
export class OrganisationModule {
  static forRoot(config: OrganisationConfig): DynamicModule {
    return {
      module: OrganisationModule,
      imports: [
        PlatformModule.forRoot(config, { service: SERVICE, entities, migrations }),
        MessagingModule.forRoot({
          service: SERVICE,
          topics: TOPICS,
          // Its own tables are the source of truth; the copy feeds the guard, which works the same in every service.
          consumers: [{ name: 'organisation-directory', handlers: [...directoryHandlers] }],
        }),
        DirectoryModule.forRoot(),
        AuditModule.forRoot({ service: SERVICE }),
        FeaturesModule,
        ImportModule.forRoot({
          service: SERVICE,
          kinds: [UnitImportService, EmployeeImportService, PolicyImportService],
          imports: [FeaturesModule],
        }),
      ],
      providers: [{ provide: BOOTSTRAP, useValue: config.bootstrap }, BootstrapService],
    };
  }
}
