import {
  CalendarDefined,
  EmployeeRegistered,
  MonthClosed,
  Persons,
  PolicySet,
  RoleGranted,
  RoleRevoked,
  UnitRegistered,
  type EventDefinition,
} from '@steward/contracts';
import { nameId, newId, type BusinessCalendar, type UnitKind } from '@steward/kernel';
import type { Kafka } from '@steward/messaging';
import type { Directory } from '../directory.js';
import { FactStream } from './fact-stream.js';

const LONG_AGO = '2005-01-01T00:00:00.000Z';
const POLICIES = '1b671a64-40d5-491e-99b0-da01ff1f3341';

type UnitSpec = Readonly<{ parent?: string; calendar?: string; active?: boolean; timeZone?: string }>;
type PolicySpec = Readonly<{ from?: string; locked?: boolean }>;

/** For tests: states the facts of an organisation on Kafka as the organisation service does. */
export class OrganisationBuilder {
  readonly units = new Map<string, { id: string; kind: UnitKind }>();
  readonly employees = new Map<string, string>();
  private readonly calendars = new Map<string, { id: string; version: number }>();
  private readonly policyVersions = new Map<string, number>();
  private expected: ((directory: Directory) => Promise<boolean>)[] = [];
  private readonly facts: FactStream;

  constructor(private readonly kafka: Kafka) {
    this.facts = new FactStream(kafka);
  }

  id(code: string): string {
    return this.units.get(code)!.id;
  }

  unit(kind: UnitKind, code: string, { parent, calendar, active = true, timeZone }: UnitSpec = {}): this {
    const id = newId();
    this.units.set(code, { id, kind });
    const above = parent === undefined ? undefined : this.units.get(parent)!;
    this.fact(UnitRegistered, id, {
      unitId: id,
      kind,
      parentId: above?.id ?? null,
      branchId: kind === 'branch' ? id : kind === 'site' ? above!.id : null,
      code,
      name: `单位 ${code}`,
      timeZone: timeZone ?? 'Asia/Shanghai',
      locale: 'zh-CN',
      calendarId: calendar === undefined ? null : this.calendars.get(calendar)!.id,
      active,
    });
    this.expected.push(async (directory) => (await directory.unit(id)) !== undefined);
    return this;
  }

  /** A first or further version of a named calendar. */
  calendar(name: string, calendar: BusinessCalendar, effectiveFrom = LONG_AGO): this {
    const known = this.calendars.get(name);
    const version = (known?.version ?? 0) + 1;
    const id = known?.id ?? newId();
    this.calendars.set(name, { id, version });
    this.fact(CalendarDefined, id, { calendarId: id, version, name, calendar, effectiveFrom });
    this.expected.push(async (directory) => (await directory.calendarVersions(id)).length >= version);
    return this;
  }

  policy(
    key: string,
    unit: string,
    value: PolicySet['value'],
    { from = LONG_AGO, locked = false }: PolicySpec = {},
  ): this {
    const { id: unitId, kind } = this.units.get(unit)!;
    const aggregate = nameId(POLICIES, `${key}/${unitId}`);
    const version = (this.policyVersions.get(aggregate) ?? 0) + 1;
    this.policyVersions.set(aggregate, version);
    const unitKind = kind as PolicySet['unitKind'];
    const data = { key, unitId, unitKind, value, effectiveFrom: from, version, locked, reason: null };
    this.fact(PolicySet, aggregate, data);
    this.expected.push(async (directory) =>
      (await directory.policyValues(key)).some((one) => one.unitId === unitId && one.version === version),
    );
    return this;
  }

  /** An employee with a name, holding roles given as `role@UNIT`. */
  employee(login: string, ...roles: string[]): this {
    const employeeId = newId();
    this.employees.set(login, employeeId);
    const homeUnitId = this.id(roles[0]?.split('@')[1] ?? 'HQ');
    this.fact(EmployeeRegistered, employeeId, { employeeId, subject: login, homeUnitId });
    this.person(login, `姓名 ${login}`);
    for (const held of roles) this.grant(login, held);
    return this;
  }

  grant(login: string, held: string, validTo: string | null = null): string {
    const [role, unit] = held.split('@') as [string, string];
    const employeeId = this.employees.get(login)!;
    const grantId = newId();
    const data = {
      grantId,
      employeeId,
      subject: login,
      role,
      unitId: this.id(unit),
      validFrom: LONG_AGO,
      validTo,
    };
    this.fact(RoleGranted, employeeId, data);
    this.expected.push(async (directory) =>
      (await directory.grantsOf(login)).some((one) => one.role === role),
    );
    return grantId;
  }

  revoke(login: string, grantId: string, held: string): this {
    const [role, unit] = held.split('@') as [string, string];
    const employeeId = this.employees.get(login)!;
    const revokedAt = new Date().toISOString();
    this.fact(RoleRevoked, employeeId, {
      grantId,
      employeeId,
      subject: login,
      role,
      unitId: this.id(unit),
      revokedAt,
    });
    this.expected.push(
      async (directory) => !(await directory.grantsOf(login)).some((one) => one.role === role),
    );
    return this;
  }

  /** A month of a branch is closed, as insights states it. */
  closed(branch: string, month: string): this {
    const monthId = newId();
    const branchId = this.id(branch);
    const data = { monthId, month, closedAt: new Date().toISOString() };
    this.facts.state(MonthClosed, monthId, { branch: branchId }, data);
    const inside = new Date(`${month}-15T00:00:00.000Z`);
    this.expected.push(async (directory) => (await directory.lateRule())(branchId, inside));
    return this;
  }

  /** The person's name on the compacted topic; null erases it. */
  person(login: string, name: string | null): this {
    const employeeId = this.employees.get(login)!;
    const value =
      name === null
        ? null
        : JSON.stringify(Persons.parseStrict({ employeeId, name, phone: null, branchId: null }));
    this.facts.put({ topic: Persons.topic, key: employeeId, value, headers: {} });
    this.expected.push(
      async (directory) => ((await directory.personNames([employeeId])).get(employeeId) ?? null) === name,
    );
    return this;
  }

  /** Publishes what was stated since. */
  async publish(): Promise<void> {
    await this.kafka.topics.ensure([
      { name: Persons.topic, kind: 'personal' },
      { name: MonthClosed.topic, kind: 'events' },
    ]);
    await this.facts.publish();
  }

  /** Whether a service's copy knows everything that was stated since it last did; to be asked until it is so. */
  async knownTo(directory: Directory): Promise<boolean> {
    const known = await Promise.all(this.expected.map((expectation) => expectation(directory)));
    this.expected = this.expected.filter((_, i) => !known[i]);
    return this.expected.length === 0;
  }

  async close(): Promise<void> {
    await this.facts.close();
  }

  private fact<T>(definition: EventDefinition<T>, aggregateId: string, data: T): void {
    this.facts.state(definition, aggregateId, { branch: null }, data);
  }
}
