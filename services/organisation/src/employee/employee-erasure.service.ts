import { Injectable } from '@nestjs/common';
import { EmployeeErased, Persons } from '@steward/contracts';
import { Outbox, PersonalOutbox } from '@steward/messaging';
import { Audit, Commands, GROUP_SCOPE, requireMatch, type CallContext, type Tx } from '@steward/platform';
import { GrantService } from '../grant/grant.service.js';
import { toEmployeeDto } from './employee-query.service.js';
import type { EmployeeDto, ReasonBody } from './employee.dto.js';
import { employeeErased, employeeNotFound, holdsRole, onLegalHold } from './employee.errors.js';
import { EmployeeRepository, type KnownEmployee } from './employee.repository.js';
import { ERASERS, mayDo } from './employee.rules.js';
import { rolesAtHome } from './home.js';

/** ORG-04: makes an employee's personal values disappear everywhere, and leaves every chain and history whole. */
@Injectable()
export class EmployeeErasureService {
  constructor(
    private readonly repository: EmployeeRepository,
    private readonly grants: GrantService,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly persons: PersonalOutbox,
  ) {}

  /** Ends the roles still held, deletes the values here, in the trail and, by a tombstone, in every copy. */
  async erase(ctx: CallContext, id: string, { reason }: ReasonBody): Promise<EmployeeDto> {
    // Roles may be held in branches that the caller does not see; an erasure that left them would leave a door open.
    return this.commands.execute({ ...ctx, scope: GROUP_SCOPE }, async (tx) => {
      const employee = await this.repository.lock(tx, id);
      if (!employee) throw employeeNotFound();
      if (ctx.actor.kind !== 'system') checkCaller(ctx, employee);
      else if (await this.repository.holdsRole(tx, id, ctx.now)) throw holdsRole();
      if (employee.erasedAt) throw employeeErased();
      if (employee.legalHold) throw onLegalHold();
      return this.forget(tx, ctx, await this.grants.revokeAll(tx, ctx, employee, reason), reason);
    });
  }

  private async forget(
    tx: Tx,
    ctx: CallContext,
    employee: KnownEmployee,
    reason: string,
  ): Promise<EmployeeDto> {
    const { id, branchId } = employee;
    const patch = { erasedAt: ctx.now, version: employee.version + 1, sequence: employee.sequence + 1 };
    await this.repository.erasePerson(tx, id);
    await this.repository.update(tx, id, patch);
    await this.audit.erasePerson(tx, id);
    await this.audit.record(tx, ctx, {
      branchId,
      entity: 'employee',
      entityId: id,
      action: 'erase',
      reason,
      changes: [{ field: 'erasedAt', from: null, to: ctx.now.toISOString() }],
    });
    await this.persons.erase(tx, Persons, id);
    await this.outbox.append(tx, ctx, {
      definition: EmployeeErased,
      aggregateId: id,
      branchId: null,
      sequence: patch.sequence,
      occurredAt: ctx.now,
      data: { employeeId: id },
    });
    return toEmployeeDto({ ...employee, ...patch, name: null, phone: null });
  }
}

/** The schedule acts by policy; a person needs the right, and the version that it has seen. */
function checkCaller(ctx: CallContext, employee: KnownEmployee): void {
  if (!mayDo(ERASERS, rolesAtHome(ctx, employee))) throw employeeNotFound();
  requireMatch(ctx, employee.version);
}
