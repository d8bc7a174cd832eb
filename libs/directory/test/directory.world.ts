import {
  CalendarDefined,
  MonthClosed,
  PolicySet,
  RoleGranted,
  RoleRevoked,
  UnitChanged,
  UnitRegistered,
  type EventEnvelope,
} from '@steward/contracts';
import { fixedClock, newId, type UnitKind } from '@steward/kernel';
import { Database, GROUP_SCOPE, platformMigrations, runMigrations, WorkerDatabase } from '@steward/platform';
import { createTestDatabase, type TestDatabase } from '@steward/testing';
import { Calendars } from '../src/calendars.js';
import { CopyCalendarWhenCalendarDefined } from '../src/copy-calendar-when-calendar-defined.handler.js';
import { CopyClosedMonthWhenMonthClosed } from '../src/copy-closed-month-when-month-closed.handler.js';
import { CopyGrantWhenRoleGranted } from '../src/copy-grant-when-role-granted.handler.js';
import { CopyPersonWhenPersonStated } from '../src/copy-person-when-person-stated.handler.js';
import { CopyPolicyWhenPolicySet } from '../src/copy-policy-when-policy-set.handler.js';
import { CopyUnitWhenUnitChanged } from '../src/copy-unit-when-unit-changed.handler.js';
import { CopyUnitWhenUnitRegistered } from '../src/copy-unit-when-unit-registered.handler.js';
import { DirectoryCopyService } from '../src/directory-copy.service.js';
import { directoryMigrations } from '../src/directory-tables.migration.js';
import { Directory } from '../src/directory.js';
import { DirectoryRepository } from '../src/directory.repository.js';
import { Policies } from '../src/policies.js';
import { WithdrawGrantWhenRoleRevoked } from '../src/withdraw-grant-when-role-revoked.handler.js';

export const NOW = new Date('2026-03-01T00:00:00.000Z');
const LONG_AGO = '2020-01-01T00:00:00.000Z';

/** A copy of organisation's data in a database of its own, with the handlers that fill it and two readers, as in two copies of a service. */
export class DirectoryWorld {
  readonly clock = fixedClock(NOW);
  readonly repository: DirectoryRepository;
  readonly directory: Directory;
  readonly elsewhere: Directory;
  readonly policies: Policies;
  readonly calendars: Calendars;
  private readonly copy: DirectoryCopyService;

  private constructor(
    readonly database: TestDatabase,
    readonly worker: WorkerDatabase,
    readonly app: Database,
  ) {
    this.repository = new DirectoryRepository(worker);
    this.directory = new Directory(this.repository, this.clock);
    this.elsewhere = new Directory(new DirectoryRepository(worker), this.clock);
    this.policies = new Policies(this.directory);
    this.calendars = new Calendars(this.directory);
    this.copy = new DirectoryCopyService(this.repository);
  }

  static async create(): Promise<DirectoryWorld> {
    const migrate: Parameters<typeof createTestDatabase>[1] = {
      migrate: (url, roles) => runMigrations(url, [...platformMigrations, ...directoryMigrations], roles),
    };
    const database = await createTestDatabase('directory', migrate);
    const worker = await WorkerDatabase.connect({ url: database.workerUrl, name: 'spec-worker' });
    const app = await Database.connect({ url: database.appUrl, name: 'spec' });
    return new DirectoryWorld(database, worker, app);
  }

  async close(): Promise<void> {
    await this.directory.onApplicationShutdown();
    await this.elsewhere.onApplicationShutdown();
    await this.worker.close();
    await this.app.close();
    await this.database.drop();
  }

  /** Applies facts as a consumer does, in one transaction. */
  async apply(...events: readonly (readonly [{ type: string }, object, branch?: string])[]): Promise<void> {
    await this.worker.transaction(GROUP_SCOPE, async (tx) => {
      for (const [{ type }, data, branch = null] of events)
        await this.handlers()[type]!.handle(tx, { data, branch } as EventEnvelope<never>);
    });
    await this.directory.refresh();
  }

  async statePerson(employeeId: string, name: string | null): Promise<void> {
    const value = name === null ? null : { employeeId, name, phone: null, branchId: null };
    const handler = new CopyPersonWhenPersonStated(this.copy);
    await this.worker.transaction(GROUP_SCOPE, (tx) =>
      handler.handle(tx, { topic: 't', key: employeeId, value, traceparent: undefined }),
    );
    await this.directory.refresh();
  }

  private handlers(): Record<string, { handle(tx: unknown, event: EventEnvelope<never>): Promise<void> }> {
    const list = [
      [UnitRegistered, new CopyUnitWhenUnitRegistered(this.copy)],
      [UnitChanged, new CopyUnitWhenUnitChanged(this.copy)],
      [RoleGranted, new CopyGrantWhenRoleGranted(this.copy)],
      [RoleRevoked, new WithdrawGrantWhenRoleRevoked(this.copy)],
      [PolicySet, new CopyPolicyWhenPolicySet(this.copy)],
      [CalendarDefined, new CopyCalendarWhenCalendarDefined(this.copy)],
      [MonthClosed, new CopyClosedMonthWhenMonthClosed(this.copy)],
    ] as const;
    return Object.fromEntries(list.map(([{ type }, handler]) => [type, handler]));
  }
}

export const unit = (
  kind: UnitKind,
  code: string,
  above: UnitRegistered | null,
  changes: Partial<UnitRegistered> = {},
): UnitRegistered => {
  const unitId = newId();
  const branchId = kind === 'branch' ? unitId : kind === 'site' ? above!.unitId : null;
  const rest = { timeZone: null, locale: null, calendarId: null, active: true };
  return { unitId, kind, parentId: above?.unitId ?? null, branchId, code, name: code, ...rest, ...changes };
};

export const grant = (
  subject: string,
  role: string,
  at: UnitRegistered,
  changes: Partial<RoleGranted> = {},
): RoleGranted => ({
  grantId: newId(),
  employeeId: newId(),
  subject,
  role,
  unitId: at.unitId,
  validFrom: LONG_AGO,
  validTo: null,
  ...changes,
});

export const policy = (
  key: string,
  at: UnitRegistered,
  value: PolicySet['value'],
  changes: Partial<PolicySet> = {},
): PolicySet => ({
  key,
  unitId: at.unitId,
  unitKind: at.kind as PolicySet['unitKind'],
  value,
  effectiveFrom: LONG_AGO,
  version: 1,
  locked: false,
  reason: null,
  ...changes,
});
