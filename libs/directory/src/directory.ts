import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { UNIT_KINDS, type Clock, type DomainError, type PolicyValue, type Role } from '@steward/kernel';
import type { ClosedMonths, LateRule } from '@steward/messaging';
import { CLOCK, inScope, type CallContext, type Grant } from '@steward/platform';
import { lateRule } from './closed-month.rules.js';
import {
  DirectoryRepository,
  type CalendarVersion,
  type GrantRow,
  type Unit,
} from './directory.repository.js';

type Units = Readonly<{
  byId: Map<string, Unit>;
  byCode: Map<string, Unit>;
  branchesOf: Map<string, string[]>;
}>;

/** What was read since the last change; thrown away as a whole, so that a slow load never outlives a newer one. */
class Snapshot {
  units?: Promise<Units>;
  policies?: Promise<Map<string, PolicyValue[]>>;
  calendars?: Promise<Map<string, CalendarVersion[]>>;
  late?: Promise<LateRule>;
  readonly grants = new Map<string, Promise<GrantRow[]>>();
}

/** Milliseconds between two looks at the revision: the most that a change made by another copy stays unseen. */
const POLL_MS = 400;

/** The service's copy of the organisation: units, bindings, policies, calendars; cached, and fresh within half a second. */
@Injectable()
export class Directory implements OnApplicationShutdown, ClosedMonths {
  private snapshot = new Snapshot();
  private revision?: string;
  private timer?: NodeJS.Timeout;
  private polling: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: DirectoryRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => {
      this.polling = this.refresh().catch(() => undefined);
    }, POLL_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.polling;
  }

  /** Looks whether the copy changed, and if so forgets what was read before. */
  async refresh(): Promise<void> {
    const revision = await this.repository.revision();
    if (revision !== this.revision) this.snapshot = new Snapshot();
    this.revision = revision;
  }

  /** The roles that a person or client holds at an instant, now when left out, each with the units it covers. */
  async grantsOf(subject: string, at?: Date): Promise<Grant[]> {
    const held = this.held(await this.grantRows(subject), at);
    if (held.length === 0) return [];
    const units = await this.loadUnits();
    return held.flatMap((row) => grantOver(row.role, units.byId.get(row.unitId), units) ?? []);
  }

  /** The id of the employee who signs in as this subject; undefined for somebody who holds no role. */
  async employeeOf(subject: string): Promise<string | undefined> {
    return this.held(await this.grantRows(subject))[0]?.employeeId;
  }

  /** The roles that an employee holds now over a record of this branch and site; none for somebody unknown. */
  async rolesOver(employeeId: string, row: { branchId: string; siteId?: string | null }): Promise<Role[]> {
    const [rows, units] = await Promise.all([this.repository.grantsOfEmployee(employeeId), this.loadUnits()]);
    const grants = this.held(rows).flatMap(
      (grant) => grantOver(grant.role, units.byId.get(grant.unitId), units) ?? [],
    );
    return [...new Set(grants.filter((grant) => inScope(grant.units, row)).map((grant) => grant.role))];
  }

  /** The employee behind a login that holds a role; undefined for anyone else. */
  async employeeIdOf(subject: string): Promise<string | undefined> {
    const { grants } = this.snapshot;
    const rows = (await grants.get(subject)) ?? (await this.repository.grantsOf(subject));
    return rows[0]?.employeeId;
  }

  /** A unit by its id; undefined while the event that brings it has not come. */
  async unit(id: string): Promise<Unit | undefined> {
    return (await this.loadUnits()).byId.get(id);
  }

  /** A branch by its id or undefined. */
  async branch(id: string): Promise<Unit | undefined> {
    const unit = await this.unit(id);
    return unit?.kind === 'branch' ? unit : undefined;
  }

  /**
   * The branch of a place in which a caller wants to enter something. A branch out of the caller's write scope, one that
   * is closed and one that does not exist are answered alike (ORG-01).
   * @throws DomainError `unknown.branch()`; `unknown.site()` for a site that is not an active one of the branch.
   */
  async writableBranch(
    { scope }: CallContext,
    { branchId, siteId = null }: Readonly<{ branchId: string; siteId?: string | null }>,
    unknown: Readonly<{ branch: () => DomainError; site: () => DomainError }>,
  ): Promise<Unit> {
    const [branch, site] = await Promise.all([this.branch(branchId), siteId && this.unit(siteId)]);
    const fits =
      siteId === null || (site && site.kind === 'site' && site.branchId === branchId && site.active);
    // A site in scope opens its own branch only: beside another one it must not tell whether that branch is there.
    const place = fits ? { branchId, siteId } : { branchId };
    if (!branch?.active || !inScope(scope.write, place)) throw unknown.branch();
    if (!fits) throw unknown.site();
    return branch;
  }

  /** A branch by its code, for files and forms that name it so. */
  async branchByCode(code: string): Promise<Unit | undefined> {
    return (await this.loadUnits()).byCode.get(code);
  }

  /** The sites of a branch, active and not. */
  async sitesOf(branchId: string): Promise<Unit[]> {
    const { byId } = await this.loadUnits();
    return [...byId.values()].filter((unit) => unit.kind === 'site' && unit.branchId === branchId);
  }

  /** All branches, active and not. */
  async branches(): Promise<Unit[]> {
    return [...(await this.loadUnits()).byCode.values()];
  }

  /** The branch's place in the organisation, as policies want it (POL-02). */
  async pathOf(
    branchId: string,
  ): Promise<{ groupId: string; regionId?: string; branchId: string } | undefined> {
    const { byId } = await this.loadUnits();
    const branch = byId.get(branchId);
    const parent = branch?.parentId ? byId.get(branch.parentId) : undefined;
    if (!branch || !parent) return undefined;
    if (parent.kind === 'group') return { groupId: parent.id, branchId };
    return parent.parentId ? { groupId: parent.parentId, regionId: parent.id, branchId } : undefined;
  }

  /** Names of employees by id, for showing; an erased person is missing. */
  async personNames(ids: readonly string[]): Promise<Map<string, string>> {
    return ids.length === 0 ? new Map<string, string>() : this.repository.personNames(ids);
  }

  /** All values of one policy key, of every level and date. */
  async policyValues(key: string): Promise<PolicyValue[]> {
    const snapshot = this.snapshot;
    snapshot.policies ??= this.repository
      .policyValues()
      .then((values) => Map.groupBy(values, (value) => value.key));
    snapshot.policies.catch(() => (snapshot.policies = undefined));
    return (await snapshot.policies).get(key) ?? [];
  }

  /** All versions of a calendar, oldest first. */
  async calendarVersions(calendarId: string): Promise<CalendarVersion[]> {
    const snapshot = this.snapshot;
    snapshot.calendars ??= this.repository
      .calendars()
      .then((all) => Map.groupBy(all, (item) => item.calendarId));
    snapshot.calendars.catch(() => (snapshot.calendars = undefined));
    return (await snapshot.calendars).get(calendarId) ?? [];
  }

  /** Tells which instants lie in closed months, as far as this service has heard of them. */
  async lateRule(): Promise<LateRule> {
    const snapshot = this.snapshot;
    snapshot.late ??= Promise.all([this.repository.closedMonths(), this.loadUnits()]).then(
      ([closed, { byId }]) => lateRule(closed, (branchId) => byId.get(branchId)?.timeZone ?? 'UTC'),
    );
    snapshot.late.catch(() => (snapshot.late = undefined));
    return snapshot.late;
  }

  private async grantRows(subject: string): Promise<GrantRow[]> {
    const { grants } = this.snapshot;
    let rows = grants.get(subject);
    if (!rows) {
      rows = this.repository.grantsOf(subject);
      grants.set(subject, rows);
      rows.catch(() => grants.delete(subject));
    }
    return rows;
  }

  private held(rows: readonly GrantRow[], at = this.clock.now()): GrantRow[] {
    return rows.filter((row) => row.validFrom <= at && (!row.validTo || at < row.validTo));
  }

  private async loadUnits(): Promise<Units> {
    const snapshot = this.snapshot;
    snapshot.units ??= this.repository.units().then(indexUnits);
    snapshot.units.catch(() => (snapshot.units = undefined));
    return snapshot.units;
  }
}

/** A unit without a zone or language of its own takes those of the unit above. */
function withInherited(unit: Unit, byId: ReadonlyMap<string, Unit>): Unit {
  let { timeZone, locale, parentId } = unit;
  for (let level = 1; level < UNIT_KINDS.length && parentId !== null; level++) {
    const above = byId.get(parentId);
    timeZone ??= above?.timeZone ?? null;
    locale ??= above?.locale ?? null;
    parentId = above?.parentId ?? null;
  }
  return { ...unit, timeZone, locale };
}

function indexUnits(stored: Unit[]): Units {
  const byId = new Map(stored.map((unit) => [unit.id, unit]));
  const units = stored.map((unit) => withInherited(unit, byId));
  const branches = units.filter((unit) => unit.kind === 'branch');
  return {
    byId: new Map(units.map((unit) => [unit.id, unit])),
    byCode: new Map(branches.map((unit) => [unit.code, unit])),
    branchesOf: new Map(
      [...Map.groupBy(branches, (unit) => unit.parentId ?? '')].map(([parent, list]) => [
        parent,
        list.map(({ id }) => id),
      ]),
    ),
  };
}

function grantOver(role: Role, unit: Unit | undefined, units: Units): Grant | undefined {
  if (!unit) return undefined;
  const level = unit.kind;
  if (level === 'group') return { role, level, units: '*', refs: '*' };
  if (level === 'site') return { role, level, units: [unit.id], refs: unit.branchId ? [unit.branchId] : [] };
  const covered = level === 'branch' ? [unit.id] : (units.branchesOf.get(unit.id) ?? []);
  return { role, level, units: covered, refs: covered };
}
