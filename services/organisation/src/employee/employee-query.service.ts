import { Injectable } from '@nestjs/common';
import { Audit, Database, type CallContext, type Page } from '@steward/platform';
import type { EmployeeDto, EmployeesQuery, PersonalDataDto } from './employee.dto.js';
import { employeeErased, employeeNotFound, employeeRoleMissing } from './employee.errors.js';
import { EmployeeRepository, type KnownEmployee } from './employee.repository.js';
import { KNOWS_PHONES, maskPhone, mayDo } from './employee.rules.js';
import { rolesAtHome } from './home.js';

/** Reads employees: phones masked, and unmasked only with a row in the trail (ORG-03). */
@Injectable()
export class EmployeeQueryService {
  constructor(
    private readonly database: Database,
    private readonly repository: EmployeeRepository,
    private readonly audit: Audit,
  ) {}

  async get(ctx: CallContext, id: string): Promise<EmployeeDto> {
    const found = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    if (!found) throw employeeNotFound();
    return toEmployeeDto(found);
  }

  async list(ctx: CallContext, query: EmployeesQuery): Promise<Page<EmployeeDto>> {
    const page = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    return { items: page.items.map(toEmployeeDto), next: page.next };
  }

  /** An answer with name and masked phone as they are now. */
  async named(ctx: CallContext, answer: EmployeeDto): Promise<EmployeeDto> {
    const found = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, answer.id));
    return { ...answer, name: found?.name ?? null, phone: maskPhone(found?.phone ?? null) };
  }

  /** ORG-03: the reading stands in the trail, or nothing is read. */
  async personalData(ctx: CallContext, id: string): Promise<PersonalDataDto> {
    // The route reads; what it writes is the trail of the very rows that it may read.
    const scope = { ...ctx.scope, write: ctx.scope.read };
    return this.database.transaction(scope, async (tx) => {
      const found = await this.repository.find(tx, id);
      if (!found) throw employeeNotFound();
      if (!mayDo(KNOWS_PHONES, rolesAtHome(ctx, found))) throw employeeRoleMissing();
      const { branchId, name, phone } = found;
      if (name === null) throw employeeErased();
      const entry = { branchId, entity: 'employee', entityId: id, action: 'read-personal-data' };
      await this.audit.record(tx, ctx, { ...entry, changes: [] });
      return { employeeId: id, name, phone };
    });
  }
}

/** The employee as the API shows it to everyone: no phone number in full (ORG-03). */
export function toEmployeeDto(employee: KnownEmployee): EmployeeDto {
  return {
    id: employee.id,
    subject: employee.subject,
    name: employee.name,
    phone: maskPhone(employee.phone),
    homeUnitId: employee.homeUnitId,
    branchId: employee.branchId,
    legalHold: employee.legalHold,
    erasedAt: employee.erasedAt?.toISOString() ?? null,
    registeredAt: employee.registeredAt.toISOString(),
    version: employee.version,
  };
}
