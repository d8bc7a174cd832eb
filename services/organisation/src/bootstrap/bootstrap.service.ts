import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { newId, type Clock } from '@steward/kernel';
import { CLOCK, Database, GROUP_SCOPE, systemContext, type Tx } from '@steward/platform';
import type { BootstrapConfig } from '../config.js';
import { EmployeeRepository, type KnownEmployee } from '../employee/employee.repository.js';
import { grantOf, GrantService } from '../grant/grant.service.js';
import type { Unit } from '../unit/unit.entity.js';
import { UnitRepository } from '../unit/unit.repository.js';
import { UnitService } from '../unit/unit.service.js';

/** Token of the `BootstrapConfig`; null where the database is filled by other means. */
export const BOOTSTRAP = Symbol('BOOTSTRAP');

/** Makes the group and its first administrator in a database that has no group yet: somebody has to be able to begin. */
@Injectable()
export class BootstrapService implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly unitRows: UnitRepository,
    private readonly units: UnitService,
    private readonly employees: EmployeeRepository,
    private readonly grants: GrantService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(BOOTSTRAP) private readonly config: BootstrapConfig | null,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { config } = this;
    if (!config) return;
    await this.database.transaction(GROUP_SCOPE, async (tx) => {
      // Several copies may start at once; the second finds the group there.
      await tx.query("select pg_advisory_xact_lock(hashtextextended('bootstrap', 0))");
      if (!(await this.unitRows.group(tx))) await this.begin(tx, config);
    });
  }

  private async begin(tx: Tx, config: BootstrapConfig): Promise<void> {
    const now = this.clock.now();
    const ctx = systemContext('bootstrap', GROUP_SCOPE, now);
    const group: Unit = {
      id: newId(now.getTime()),
      kind: 'group',
      parentId: null,
      branchId: null,
      code: config.groupCode,
      name: config.groupName,
      timeZone: config.timeZone,
      locale: config.locale,
      calendarId: null,
      active: true,
      version: 1,
    };
    await this.units.store(tx, ctx, group, []);
    const administrator: KnownEmployee = {
      id: newId(now.getTime()),
      subject: config.adminSubject,
      homeUnitId: group.id,
      branchId: null,
      name: 'Administrator',
      phone: null,
      legalHold: false,
      erasedAt: null,
      registeredAt: now,
      version: 1,
      sequence: 1,
    };
    await this.employees.register(tx, ctx, administrator);
    const grant = grantOf(ctx, administrator, group, { role: 'hq-admin', unitId: group.id });
    await this.grants.store(tx, ctx, administrator, grant, 'first administrator');
  }
}
