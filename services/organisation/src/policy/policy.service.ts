import { Injectable } from '@nestjs/common';
import { ALL_POLICIES, PolicySet } from '@steward/contracts';
import {
  checkPolicyValue,
  DomainError,
  findPolicyDefinition,
  isDomainError,
  nameId,
  newId,
  POLICY_SETTERS,
  type PolicyLevel,
  type Role,
} from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { Audit, Commands, Database, GROUP_SCOPE, type CallContext, type Tx } from '@steward/platform';
import { rolesOver, rolesOverRegion } from '../access.js';
import { isBackdated } from '../backdating.rules.js';
import type { Unit } from '../unit/unit.entity.js';
import { UnitRepository } from '../unit/unit.repository.js';
import {
  toPolicyValueDto,
  type BatchValue,
  type PoliciesSetDto,
  type PolicyValueDto,
  type SetPoliciesBody,
  type SetPolicyBody,
} from './policy.dto.js';
import type { StoredPolicyValue } from './policy.entity.js';
import {
  backdatingNotAllowed,
  codeAmbiguous,
  keyUnknown,
  levelNotAllowed,
  lockedAbove,
  notLockable,
  policyUnitUnknown,
  reasonMissing,
  setterMissing,
} from './policy.errors.js';
import { PolicyRepository } from './policy.repository.js';
import { inForce, isLevelOf, isSame, lockOver, maySet, mayLock } from './policy.rules.js';

/** A wish to set a value, the unit named by its id or its code. */
export type PolicyWish = Omit<BatchValue, 'reason'> & Readonly<{ reason?: string | null | undefined }>;

type Applied = Readonly<{ set: StoredPolicyValue[]; unchanged: number }>;

/** Sets values of parameters (POL-01..04): typed, dated, versioned, lockable from above. */
@Injectable()
export class PolicyService {
  constructor(
    private readonly database: Database,
    private readonly repository: PolicyRepository,
    private readonly units: UnitRepository,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
  ) {}

  /** Setting what is set already gives the value that is there. */
  async set(ctx: CallContext, body: SetPolicyBody): Promise<PolicyValueDto> {
    return this.within(ctx, [body], null, async (tx, values) => {
      const { set } = await this.apply(tx, ctx, values, () => null);
      if (set[0]) return toPolicyValueDto(set[0]);
      const known = await this.repository.values(tx, [body.key], [body.unitId]);
      const at = values[0]!.effectiveFrom.getTime();
      const same = known
        .filter((value) => value.effectiveFrom.getTime() === at)
        .sort((a, b) => b.version - a.version);
      return toPolicyValueDto(same[0]!);
    });
  }

  /** Sets many values in one transaction: all of them or none. */
  async setAll(ctx: CallContext, { values: wishes, reason }: SetPoliciesBody): Promise<PoliciesSetDto> {
    const stated = wishes.map((wish) => ({ ...wish, reason: wish.reason ?? reason }));
    return this.within(ctx, stated, 'values', async (tx, values) => {
      const { set, unchanged } = await this.apply(tx, ctx, values, (index) => `values.${index}`);
      return { set: set.length, unchanged, items: set.map(toPolicyValueDto) };
    });
  }

  /**
   * Checks wishes against catalogue, levels, roles and dates, and gives the values to store, unversioned. Throws the
   * first refusal; `list` names the field that holds the wishes.
   */
  async check(
    tx: Tx,
    ctx: CallContext,
    wishes: readonly PolicyWish[],
    list: string | null,
  ): Promise<StoredPolicyValue[]> {
    const units = await this.unitsOf(tx, wishes);
    const regions = await this.branchesOfRegions(tx, [...units.values()].flat());
    return wishes.map((wish, index) =>
      placed(list === null ? null : `${list}.${index}`, () => {
        const unit = oneUnit(wish, units);
        const roles =
          unit.kind === 'region' ? rolesOverRegion(ctx, regions.get(unit.id) ?? []) : rolesOver(ctx, unit);
        return valueOf(ctx, wish, unit, roles);
      }),
    );
  }

  /** Stores checked values in a transaction that the caller has opened; `place` names a value in a refusal. */
  async apply(
    tx: Tx,
    ctx: CallContext,
    values: readonly StoredPolicyValue[],
    place: (index: number) => string | null,
  ): Promise<Applied> {
    await this.checkLocks(tx, values, place);
    const versions = await this.repository.lock(tx, values);
    const unitIds = [...new Set(values.map((value) => value.unitId))];
    const known = await this.repository.values(tx, [...new Set(values.map((value) => value.key))], unitIds);
    const byPolicy = Map.groupBy(known, (value) => value.policyId);
    const set: StoredPolicyValue[] = [];
    const before: (StoredPolicyValue | undefined)[] = [];
    for (const value of values) {
      const others = byPolicy.get(value.policyId) ?? [];
      if (isSame(value, others)) continue;
      const version = versions.get(value.policyId)! + 1;
      versions.set(value.policyId, version);
      before.push(inForce(others, value.effectiveFrom));
      set.push({ ...value, version });
      byPolicy.set(value.policyId, [...others, { ...value, version }]);
    }
    await this.store(tx, ctx, set, before);
    return { set, unchanged: values.length - set.length };
  }

  private async within<T>(
    ctx: CallContext,
    wishes: readonly PolicyWish[],
    list: string | null,
    work: (tx: Tx, values: StoredPolicyValue[]) => Promise<T>,
  ): Promise<T> {
    const values = await this.database.read(ctx.scope, (tx) => this.check(tx, ctx, wishes, list));
    // A region is no branch: its rows are written under group scope, which a general manager gets after the check of his roles.
    const scope = values.some((value) => value.unitKind === 'region') ? GROUP_SCOPE : ctx.scope;
    return this.commands.execute({ ...ctx, scope }, (tx) => work(tx, values));
  }

  private async unitsOf(tx: Tx, wishes: readonly PolicyWish[]): Promise<Map<string, Unit[]>> {
    const ids = wishes.flatMap((wish) => wish.unitId ?? []);
    const codes = wishes.flatMap((wish) => wish.unit ?? []);
    const found = new Map<string, Unit[]>();
    for (const unit of await this.units.byIds(tx, [...new Set(ids)])) found.set(unit.id, [unit]);
    for (const unit of codes.length > 0 ? await this.units.byCodes(tx, [...new Set(codes)]) : [])
      if (unit.kind !== 'site') found.set(unit.code, [...(found.get(unit.code) ?? []), unit]);
    return found;
  }

  private async branchesOfRegions(tx: Tx, units: readonly Unit[]): Promise<Map<string, string[]>> {
    const regions = [...new Set(units.filter((unit) => unit.kind === 'region').map((unit) => unit.id))];
    const found = new Map<string, string[]>();
    for (const id of regions) found.set(id, await this.units.branchesBelow(tx, id));
    return found;
  }

  private async checkLocks(
    tx: Tx,
    values: readonly StoredPolicyValue[],
    place: (index: number) => string | null,
  ): Promise<void> {
    const paths = new Map<string, Unit[]>();
    for (const { unitId } of values)
      if (!paths.has(unitId)) paths.set(unitId, (await this.units.pathOf(tx, unitId)).slice(0, -1));
    const names = new Map([...paths.values()].flat().map((unit) => [unit.id, unit.name]));
    const stored = await this.repository.values(
      tx,
      [...new Set(values.map((value) => value.key))],
      [...names.keys()],
    );
    const byKey = Map.groupBy([...stored, ...values], (value) => value.key);
    values.forEach((value, index) => {
      const above = paths.get(value.unitId)!.map((unit) => unit.id);
      const lock = lockOver(above, byKey.get(value.key)!, value.effectiveFrom);
      if (lock) placed(place(index), () => refuse(lockedAbove(lock, names.get(lock.unitId)!)));
    });
  }

  private async store(
    tx: Tx,
    ctx: CallContext,
    set: readonly StoredPolicyValue[],
    before: readonly (StoredPolicyValue | undefined)[],
  ): Promise<void> {
    if (set.length === 0) return;
    await this.repository.add(tx, set);
    await this.audit.recordAll(
      tx,
      ctx,
      set.map((value, index) => entryOf(value, before[index])),
    );
    await this.outbox.append(
      tx,
      ctx,
      set.map((value) => eventOf(ctx, value)),
    );
  }
}

const refuse = (error: DomainError): never => {
  throw error;
};

/** Runs a check and says of its refusal which value of a list it is about. */
function placed<T>(place: string | null, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (place === null || !isDomainError(error)) throw error;
    const { kind, code, detail, fields, params } = error;
    const inner = fields ?? [{ path: '', code, detail }];
    const outer = inner.map((field) => ({
      ...field,
      path: field.path === '' ? place : `${place}.${field.path}`,
    }));
    throw new DomainError(kind, code, detail, outer, params);
  }
}

function oneUnit(wish: PolicyWish, units: ReadonlyMap<string, readonly Unit[]>): Unit {
  const [unit, ...others] = units.get(wish.unitId ?? wish.unit ?? '') ?? [];
  if (!unit) throw policyUnitUnknown();
  if (others.length > 0) throw codeAmbiguous(unit.code);
  return unit;
}

function valueOf(ctx: CallContext, wish: PolicyWish, unit: Unit, roles: readonly Role[]): StoredPolicyValue {
  const definition = findPolicyDefinition(ALL_POLICIES, wish.key);
  if (!definition) throw keyUnknown(wish.key);
  const { kind } = unit;
  if (!isLevelOf(definition, kind)) throw levelNotAllowed(definition, kind);
  if (!maySet(kind, roles)) throw setterMissing(kind, POLICY_SETTERS[kind]);
  if (wish.locked && !mayLock(definition, kind)) throw notLockable(wish.key);
  const effectiveFrom = wish.effectiveFrom === undefined ? ctx.now : new Date(wish.effectiveFrom);
  if (isBackdated(effectiveFrom, ctx.now)) {
    if (!roles.includes('hq-admin')) throw backdatingNotAllowed();
    if (wish.reason == null) throw reasonMissing();
  }
  return stored(ctx, wish, { unit, kind, effectiveFrom, value: checkPolicyValue(definition, wish.value) });
}

function stored(
  ctx: CallContext,
  wish: PolicyWish,
  decided: { unit: Unit; kind: PolicyLevel; effectiveFrom: Date; value: unknown },
): StoredPolicyValue {
  const { unit, kind, effectiveFrom, value } = decided;
  return {
    id: newId(ctx.now.getTime()),
    policyId: nameId(unit.id, wish.key),
    key: wish.key,
    unitId: unit.id,
    unitKind: kind,
    branchId: unit.branchId,
    version: 0,
    value,
    effectiveFrom,
    locked: wish.locked,
    reason: wish.reason ?? null,
    setBy: ctx.actor.id,
    setAt: ctx.now,
  };
}

function entryOf(value: StoredPolicyValue, before: StoredPolicyValue | undefined) {
  return {
    branchId: value.branchId,
    entity: 'policy',
    entityId: value.policyId,
    action: 'set',
    ...(value.reason === null ? {} : { reason: value.reason }),
    changes: [
      { field: 'key', from: value.key, to: value.key },
      { field: 'unitId', from: value.unitId, to: value.unitId },
      ...(['value', 'effectiveFrom', 'locked'] as const).map((field) => ({
        field,
        from: before?.[field] ?? null,
        to: value[field],
      })),
    ],
  };
}

function eventOf(ctx: CallContext, value: StoredPolicyValue) {
  const { key, unitId, unitKind, version, locked, reason } = value;
  return {
    definition: PolicySet,
    aggregateId: value.policyId,
    branchId: null,
    sequence: version,
    occurredAt: ctx.now,
    data: {
      key,
      unitId,
      unitKind,
      value: value.value as PolicySet['value'],
      effectiveFrom: value.effectiveFrom.toISOString(),
      version,
      locked,
      reason,
    },
  };
}
