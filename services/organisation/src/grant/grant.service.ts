import { Injectable } from '@nestjs/common';
import { RoleGranted, RoleRevoked } from '@steward/contracts';
import { newId } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { Audit, Commands, type CallContext, type Tx } from '@steward/platform';
import { rolesOver } from '../access.js';
import { employeeNotFound } from '../employee/employee.errors.js';
import { EmployeeRepository, type KnownEmployee } from '../employee/employee.repository.js';
import type { Unit } from '../unit/unit.entity.js';
import { UnitRepository } from '../unit/unit.repository.js';
import { toGrantDto, type GrantDto, type GrantRoleBody } from './grant.dto.js';
import {
  alreadyGranted,
  alreadyRevoked,
  badPeriod,
  granteeErased,
  grantNotFound,
  grantUnitUnknown,
  lastAdministrator,
  mayNotGrant,
  ownGrant,
  roleDoesNotFit,
} from './grant.errors.js';
import { GrantRepository } from './grant.repository.js';
import { isGrantable, isOwn, levelsOf, mayGrant, overlaps } from './grant.rules.js';
import type { RoleGrant } from './role-grant.entity.js';

/** Gives and takes roles; one person may hold several, each in a unit of its own. */
@Injectable()
export class GrantService {
  constructor(
    private readonly repository: GrantRepository,
    private readonly employees: EmployeeRepository,
    private readonly units: UnitRepository,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
  ) {}

  async grant(ctx: CallContext, employeeId: string, body: GrantRoleBody): Promise<GrantDto> {
    return this.commands.execute(ctx, async (tx) => {
      const employee = await this.employees.lock(tx, employeeId);
      if (!employee) throw employeeNotFound();
      return toGrantDto((await this.add(tx, ctx, employee, body)).grant, ctx.now);
    });
  }

  /** Adds a grant to an employee that the caller has locked; gives it with the employee's state after it. */
  async add(
    tx: Tx,
    ctx: CallContext,
    employee: KnownEmployee,
    body: GrantRoleBody,
  ): Promise<{ grant: RoleGrant; employee: KnownEmployee }> {
    const unit = await this.units.find(tx, body.unitId);
    if (!unit) throw grantUnitUnknown();
    const grant = grantOf(ctx, employee, unit, body);
    this.check(ctx, employee, unit, grant);
    const held = await this.repository.unrevokedOf(tx, employee.id);
    const same = held.filter(({ role, unitId }) => role === grant.role && unitId === unit.id);
    if (same.some((other) => overlaps(other, grant))) throw alreadyGranted(grant.role);
    return { grant, employee: await this.store(tx, ctx, employee, grant, body.reason) };
  }

  /** Stores a grant with trail and event; gives the employee's state after it. */
  async store(
    tx: Tx,
    ctx: CallContext,
    employee: KnownEmployee,
    grant: RoleGrant,
    reason?: string,
  ): Promise<KnownEmployee> {
    await this.repository.add(tx, grant);
    const after = await this.moveOn(tx, employee);
    await this.audit.record(tx, ctx, {
      ...entryOf(grant, 'grant', reason),
      changes: (['role', 'unitId', 'validFrom', 'validTo'] as const)
        .filter((field) => grant[field] !== null)
        .map((field) => ({ field, from: null, to: grant[field] })),
    });
    const { id: grantId, employeeId, subject, role, unitId } = grant;
    const validFrom = grant.validFrom.toISOString();
    await this.outbox.append(tx, ctx, {
      definition: RoleGranted,
      aggregateId: employeeId,
      branchId: null,
      sequence: after.sequence,
      occurredAt: ctx.now,
      data: {
        grantId,
        employeeId,
        subject,
        role,
        unitId,
        validFrom,
        validTo: grant.validTo?.toISOString() ?? null,
      },
    });
    return after;
  }

  /** Ends a grant at once; services stop honouring it within seconds. */
  async revoke(ctx: CallContext, employeeId: string, grantId: string, reason: string): Promise<GrantDto> {
    return this.commands.execute(ctx, async (tx) => {
      const employee = await this.employees.lock(tx, employeeId);
      const grant = employee && (await this.repository.find(tx, grantId));
      const unit = grant && (await this.units.find(tx, grant.unitId));
      if (!employee || !unit || grant.employeeId !== employeeId) throw grantNotFound();
      const roles = rolesOver(ctx, unit);
      if (!mayGrant(grant.role, roles)) throw mayNotGrant(grant.role);
      if (isOwn(grant.subject, ctx.actor.id, roles)) throw ownGrant();
      if (grant.revokedAt) throw alreadyRevoked();
      return toGrantDto((await this.end(tx, ctx, employee, grant, reason)).grant, ctx.now);
    });
  }

  /** Ends all that an employee still holds; the caller has locked it and answers for the right to do so. */
  async revokeAll(tx: Tx, ctx: CallContext, employee: KnownEmployee, reason: string): Promise<KnownEmployee> {
    let after = employee;
    for (const grant of await this.repository.unrevokedOf(tx, employee.id))
      after = (await this.end(tx, ctx, after, grant, reason)).employee;
    return after;
  }

  private check(ctx: CallContext, employee: KnownEmployee, unit: Unit, grant: RoleGrant): void {
    const roles = rolesOver(ctx, unit);
    if (!mayGrant(grant.role, roles)) throw mayNotGrant(grant.role);
    if (isOwn(employee.subject, ctx.actor.id, roles)) throw ownGrant();
    const levels = levelsOf(grant.role);
    if (!levels.includes(unit.kind)) throw roleDoesNotFit(grant.role, unit.kind, levels);
    if (!isGrantable(grant, ctx.now)) throw badPeriod();
    if (employee.erasedAt) throw granteeErased();
  }

  private async end(tx: Tx, ctx: CallContext, employee: KnownEmployee, grant: RoleGrant, reason: string) {
    if (grant.role === 'hq-admin' && grant.validTo === null) {
      const lasting = await this.repository.lastingOf(tx, 'hq-admin');
      if (lasting.every((id) => id === grant.id)) throw lastAdministrator();
    }
    const patch = { revokedAt: ctx.now, revokedBy: ctx.actor.id, revocationReason: reason };
    await this.repository.update(tx, grant.id, patch);
    const after = await this.moveOn(tx, employee);
    await this.audit.record(tx, ctx, {
      ...entryOf(grant, 'revoke', reason),
      changes: [{ field: 'revokedAt', from: null, to: ctx.now.toISOString() }],
    });
    const { id: grantId, employeeId, subject, role, unitId } = grant;
    await this.outbox.append(tx, ctx, {
      definition: RoleRevoked,
      aggregateId: employeeId,
      branchId: null,
      sequence: after.sequence,
      occurredAt: ctx.now,
      data: { grantId, employeeId, subject, role, unitId, revokedAt: ctx.now.toISOString() },
    });
    return { employee: after, grant: { ...grant, ...patch } };
  }

  private async moveOn(tx: Tx, employee: KnownEmployee): Promise<KnownEmployee> {
    const { version, sequence } = employee;
    const patch = { version: version + 1, sequence: sequence + 1 };
    await this.employees.update(tx, employee.id, patch);
    return { ...employee, ...patch };
  }
}

/** The row of a new grant. */
export function grantOf(
  ctx: CallContext,
  employee: KnownEmployee,
  unit: Unit,
  body: GrantRoleBody,
): RoleGrant {
  return {
    id: newId(ctx.now.getTime()),
    employeeId: employee.id,
    subject: employee.subject,
    role: body.role,
    unitId: unit.id,
    branchId: unit.branchId,
    validFrom: body.validFrom === undefined ? ctx.now : new Date(body.validFrom),
    validTo: body.validTo == null ? null : new Date(body.validTo),
    grantedBy: ctx.actor.id,
    grantedAt: ctx.now,
    revokedAt: null,
    revokedBy: null,
    revocationReason: null,
  };
}

function entryOf(grant: RoleGrant, action: string, reason?: string) {
  const { branchId, employeeId } = grant;
  return {
    branchId,
    entity: 'employee',
    entityId: employeeId,
    action,
    ...(reason === undefined ? {} : { reason }),
  };
}
