import { Injectable } from '@nestjs/common';
import { Persons } from '@steward/contracts';
import { newId } from '@steward/kernel';
import { PersonalOutbox } from '@steward/messaging';
import { Audit, Commands, requireMatch, type CallContext, type Tx } from '@steward/platform';
import { rolesOver } from '../access.js';
import { UnitRepository } from '../unit/unit.repository.js';
import { EmployeeQueryService, toEmployeeDto } from './employee-query.service.js';
import type { ChangeEmployeeBody, EmployeeDto, LegalHoldBody, RegisterEmployeeBody } from './employee.dto.js';
import type { Employee } from './employee.entity.js';
import {
  employeeErased,
  employeeNotFound,
  employeeRoleMissing,
  homeUnitUnknown,
  subjectTaken,
} from './employee.errors.js';
import { EmployeeRepository, type KnownEmployee } from './employee.repository.js';
import { HOLDERS, mayDo, PERSONNEL } from './employee.rules.js';
import { rolesAtHome } from './home.js';

/** Registers employees and keeps their names and phones, which travel on the compacted topic only. */
@Injectable()
export class EmployeeService {
  constructor(
    private readonly repository: EmployeeRepository,
    private readonly units: UnitRepository,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly persons: PersonalOutbox,
    private readonly queries: EmployeeQueryService,
  ) {}

  async register(ctx: CallContext, body: RegisterEmployeeBody): Promise<EmployeeDto> {
    return this.answer(ctx, (tx) => this.add(tx, ctx, body));
  }

  /** Adds an employee in a transaction that the caller has opened (requests, imports). */
  async add(tx: Tx, ctx: CallContext, body: RegisterEmployeeBody): Promise<KnownEmployee> {
    const home = await this.units.find(tx, body.homeUnitId);
    if (!home) throw homeUnitUnknown();
    if (!mayDo(PERSONNEL, rolesOver(ctx, home))) throw employeeRoleMissing();
    const { subject, homeUnitId, name } = body;
    const phone = body.phone ?? null;
    const employee: Employee = {
      id: newId(ctx.now.getTime()),
      subject,
      homeUnitId,
      branchId: home.branchId,
      legalHold: false,
      erasedAt: null,
      registeredAt: ctx.now,
      version: 1,
      sequence: 1,
    };
    if (!(await this.repository.register(tx, ctx, { ...employee, name, phone }))) throw subjectTaken(subject);
    return { ...employee, name, phone };
  }

  async change(ctx: CallContext, id: string, body: ChangeEmployeeBody): Promise<EmployeeDto> {
    return this.answer(ctx, async (tx) => {
      const before = await this.locked(tx, id);
      if (!mayDo(PERSONNEL, rolesAtHome(ctx, before))) throw employeeRoleMissing();
      requireMatch(ctx, before.version);
      return this.put(tx, ctx, before, body);
    });
  }

  /** Changes name or phone of an employee that the caller has locked. No fact for others: the values travel by themselves. */
  async put(
    tx: Tx,
    ctx: CallContext,
    before: KnownEmployee,
    { reason, ...body }: ChangeEmployeeBody,
  ): Promise<KnownEmployee> {
    if (before.name === null) throw employeeErased();
    const { id, branchId } = before;
    const { name = before.name, phone = before.phone } = body;
    const version = before.version + 1;
    await this.repository.updatePerson(tx, id, { name, phone });
    await this.repository.update(tx, id, { version });
    const after = { ...before, name, phone, version };
    await this.audit.record(tx, ctx, {
      ...entryOf(before, 'change', reason),
      changes: (['name', 'phone'] as const)
        .filter((field) => after[field] !== before[field])
        .map((field) => ({ field, from: before[field], to: after[field], personOf: id })),
    });
    await this.persons.put(tx, Persons, id, { employeeId: id, name, phone, branchId });
    return after;
  }

  /** ORG-04: a hold stops every erasure until it is lifted. */
  async hold(ctx: CallContext, id: string, { held, reason }: LegalHoldBody): Promise<EmployeeDto> {
    return this.answer(ctx, async (tx) => {
      const before = await this.locked(tx, id);
      if (!mayDo(HOLDERS, rolesAtHome(ctx, before))) throw employeeRoleMissing();
      requireMatch(ctx, before.version);
      const patch = { legalHold: held, version: before.version + 1 };
      await this.repository.update(tx, id, patch);
      await this.audit.record(tx, ctx, {
        ...entryOf(before, held ? 'hold' : 'lift-hold', reason),
        changes: [{ field: 'legalHold', from: before.legalHold, to: held }],
      });
      return { ...before, ...patch };
    });
  }

  /** What is kept for a repeated key holds no personal values (ORG-04); they are put in from where they are now. */
  private async answer(ctx: CallContext, work: (tx: Tx) => Promise<KnownEmployee>): Promise<EmployeeDto> {
    const kept = await this.commands.execute(ctx, async (tx) =>
      toEmployeeDto({ ...(await work(tx)), name: null, phone: null }),
    );
    return this.queries.named(ctx, kept);
  }

  private async locked(tx: Tx, id: string): Promise<KnownEmployee> {
    const employee = await this.repository.lock(tx, id);
    if (!employee) throw employeeNotFound();
    return employee;
  }
}

function entryOf({ id, branchId }: Employee, action: string, reason?: string) {
  return { branchId, entity: 'employee', entityId: id, action, ...(reason === undefined ? {} : { reason }) };
}
