import { eventually } from '@steward/testing';
import type { Role } from '@steward/kernel';
import type { OrganisationUnderTest } from './organisation.harness.js';

/** login, home, roles as `role@unit`. */
const STAFF: readonly (readonly [string, string, ...string[]])[] = [
  ['hq.auditor', 'HQ', 'hq-auditor@HQ'],
  ['east.manager', 'East', 'general-manager@East'],
  ['eb1.manager', 'EB1', 'branch-manager@EB1'],
  ['eb1.clerk', 'EB1', 'cs-agent@EB1'],
  ['eb1.hr', 'EB1', 'hr@EB1'],
  ['eb1.engineer', 'EB1', 'engineer@EB1-S1'],
  ['eb2.manager', 'EB2', 'branch-manager@EB2'],
  ['eb2.clerk', 'EB2', 'cs-agent@EB2'],
  ['demo-partner', 'EB1', 'partner@EB1'],
];

/** A small group: East with EB1 (site EB1-S1) and EB2 (site EB2-S1), North with NB1, and who works there. */
export class SmallGroup {
  readonly units = new Map<string, string>();
  readonly employees = new Map<string, string>();

  private constructor(private readonly service: OrganisationUnderTest) {}

  static async make(service: OrganisationUnderTest): Promise<SmallGroup> {
    const group = new SmallGroup(service);
    await service.holds('hq.admin', 1);
    const { body } = await service.get('/api/v1/units?kind=group', 'hq.admin');
    group.units.set('HQ', (body['items'] as { id: string }[])[0]!.id);
    await group.addUnit('region', 'East', 'HQ');
    await group.addUnit('region', 'North', 'HQ');
    await group.addUnit('branch', 'EB1', 'East');
    await group.addUnit('branch', 'EB2', 'East');
    await group.addUnit('branch', 'NB1', 'North');
    await group.addUnit('site', 'EB1-S1', 'EB1');
    await group.addUnit('site', 'EB2-S1', 'EB2');
    for (const [login, home, ...roles] of STAFF) {
      await group.addEmployee(login, home);
      for (const held of roles) {
        const [role, unit] = held.split('@') as [Role, string];
        await group.grant(login, role, unit);
      }
    }
    await eventually(async () => {
      const held = await Promise.all(STAFF.map(([login]) => service.get('/api/v1/me', login)));
      return held.every(({ body }) => (body['grants'] as unknown[]).length > 0);
    });
    return group;
  }

  unit(code: string): string {
    return this.units.get(code)!;
  }

  employee(login: string): string {
    return this.employees.get(login)!;
  }

  async addUnit(kind: string, code: string, parent: string): Promise<string> {
    const body = { kind, code, name: `Unit ${code}`, parentId: this.unit(parent) };
    const made = await this.service.make('/api/v1/units', 'hq.admin', body);
    this.units.set(code, made['id'] as string);
    return this.unit(code);
  }

  async addEmployee(login: string, home: string, name = `Name of ${login}`): Promise<string> {
    const body = { subject: login, name, phone: '139 0000 1234', homeUnitId: this.unit(home) };
    const made = await this.service.make('/api/v1/employees', 'hq.admin', body);
    this.employees.set(login, made['id'] as string);
    return this.employee(login);
  }

  async grant(login: string, role: Role, unit: string): Promise<string> {
    const path = `/api/v1/employees/${this.employee(login)}/grants`;
    const made = await this.service.make(path, 'hq.admin', { role, unitId: this.unit(unit) });
    return made['id'] as string;
  }
}
