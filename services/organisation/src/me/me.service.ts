import { Injectable } from '@nestjs/common';
import { Database, GROUP_SCOPE, readOnly, type CallContext } from '@steward/platform';
import { EmployeeRepository } from '../employee/employee.repository.js';
import { UnitRepository } from '../unit/unit.repository.js';
import type { MeDto } from './me.dto.js';

/** Tells callers who they are and what they may do where. */
@Injectable()
export class MeService {
  constructor(
    private readonly database: Database,
    private readonly employees: EmployeeRepository,
    private readonly units: UnitRepository,
  ) {}

  async me(ctx: CallContext): Promise<MeDto> {
    // One's own record is one's own wherever it lies; somebody bound to a site sees no other of the branch.
    const employee = await this.database.read(readOnly(GROUP_SCOPE), (tx) =>
      this.employees.bySubject(tx, ctx.actor.id),
    );
    const lists = ctx.grants.flatMap((grant) => [grant.units, grant.refs]);
    const ids = [...new Set(lists.flatMap((list) => (list === '*' ? [] : list)))];
    const units = await this.database.read(ctx.scope, async (tx) => {
      const named = await this.units.byIds(tx, ids);
      const group = lists.includes('*') ? await this.units.group(tx) : null;
      return group ? [group, ...named] : named;
    });
    return {
      subject: ctx.actor.id,
      kind: ctx.actor.kind,
      employee: employee && { id: employee.id, name: employee.name, homeUnitId: employee.homeUnitId },
      grants: ctx.grants.map(({ role, level, units, refs }) => ({
        role,
        level,
        units: units === '*' ? units : [...units],
        refs: refs === '*' ? refs : [...refs],
      })),
      units: units.map(({ id, kind, code, name }) => ({ id, kind, code, name })),
    };
  }
}
