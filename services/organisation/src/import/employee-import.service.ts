import { Injectable } from '@nestjs/common';
import { unprocessable, type DomainError } from '@steward/kernel';
import type { CallContext, ImportJobContext, ImportKind, ImportRow, RowOutcome, Tx } from '@steward/platform';
import { homeUnitUnknown, subjectTaken } from '../employee/employee.errors.js';
import { EmployeeRepository, type KnownEmployee } from '../employee/employee.repository.js';
import { EmployeeService } from '../employee/employee.service.js';
import { GrantRepository } from '../grant/grant.repository.js';
import { GrantService } from '../grant/grant.service.js';
import type { Unit } from '../unit/unit.entity.js';
import { UnitRepository } from '../unit/unit.repository.js';
import { headquarters, IMPORTERS } from './headquarters.js';
import { employeeRow, type EmployeeRow } from './import-rows.dto.js';

type Added = Readonly<{ employee: KnownEmployee; state: 'created' | 'updated' | 'unchanged' }>;

/** Imports employees with their roles: the first row of a subject registers the person, each may grant a role. */
@Injectable()
export class EmployeeImportService implements ImportKind<EmployeeRow> {
  readonly kind = 'employees';
  readonly roles = IMPORTERS;
  readonly rowSchema = employeeRow;
  readonly branchField = null;

  constructor(
    private readonly repository: EmployeeRepository,
    private readonly employees: EmployeeService,
    private readonly grantRows: GrantRepository,
    private readonly grants: GrantService,
    private readonly units: UnitRepository,
  ) {}

  async applyRows(
    tx: Tx,
    job: ImportJobContext,
    rows: readonly ImportRow<EmployeeRow>[],
  ): Promise<RowOutcome[]> {
    const outcomes: RowOutcome[] = [];
    for (const { data } of rows) outcomes.push(await this.applyRow(tx, job, data));
    return outcomes;
  }

  private async applyRow(tx: Tx, job: ImportJobContext, row: EmployeeRow): Promise<RowOutcome> {
    if ((row.role === undefined) !== (row.unit === undefined)) throw halfGrant();
    const ctx = headquarters(job);
    const { employee, state } = await this.person(tx, ctx, job, row);
    const granted = row.role !== undefined && (await this.role(tx, ctx, employee, row, row.role));
    return { state: granted && state === 'unchanged' ? 'updated' : state, entityId: employee.id };
  }

  private async person(tx: Tx, ctx: CallContext, job: ImportJobContext, row: EmployeeRow): Promise<Added> {
    const { subject, name, phone } = row;
    const known = await this.repository.bySubject(tx, subject);
    if (!known) {
      const home = await this.unit(tx, row.home);
      return {
        employee: await this.employees.add(tx, ctx, { subject, name, phone, homeUnitId: home.id }),
        state: 'created',
      };
    }
    const locked = (await this.repository.lock(tx, known.id))!;
    if (locked.name === name && (phone === undefined || locked.phone === phone))
      return { employee: locked, state: 'unchanged' };
    if (job.mode !== 'update') throw subjectTaken(subject);
    return {
      employee: await this.employees.put(tx, ctx, locked, {
        name,
        ...(phone === undefined ? {} : { phone }),
      }),
      state: 'updated',
    };
  }

  /** Grants a role unless the employee holds it there; tells whether it did. */
  private async role(
    tx: Tx,
    ctx: CallContext,
    employee: KnownEmployee,
    row: EmployeeRow,
    role: NonNullable<EmployeeRow['role']>,
  ): Promise<boolean> {
    const unit = await this.unit(tx, row.unit!);
    const held = await this.grantRows.unrevokedOf(tx, employee.id);
    if (held.some((grant) => grant.role === role && grant.unitId === unit.id)) return false;
    const { validFrom, validTo } = row;
    await this.grants.add(tx, ctx, employee, { role, unitId: unit.id, validFrom, validTo, reason: 'import' });
    return true;
  }

  private async unit(tx: Tx, code: string): Promise<Unit> {
    const [unit, ...others] = await this.units.byCodes(tx, [code]);
    if (!unit || others.length > 0) throw homeUnitUnknown();
    return unit;
  }
}

const halfGrant = (): DomainError =>
  unprocessable('employee.half-grant', 'A role is bound to a unit: give both, or neither.', [
    { path: 'role', code: 'required', detail: 'Give role and unit together.' },
  ]);
