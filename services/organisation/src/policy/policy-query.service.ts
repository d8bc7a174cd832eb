import { Injectable } from '@nestjs/common';
import { ALL_POLICIES } from '@steward/contracts';
import {
  findPolicy,
  findPolicyDefinition,
  policyMissing,
  POLICY_SETTERS,
  type PolicyDefinition,
  type PolicyPath,
} from '@steward/kernel';
import { Database, type CallContext, type Page, type Tx } from '@steward/platform';
import { UnitRepository } from '../unit/unit.repository.js';
import {
  toPolicyValueDto,
  type DefinitionDto,
  type EffectiveDto,
  type EffectiveQuery,
  type PoliciesQuery,
  type PolicyValueDto,
} from './policy.dto.js';
import type { StoredPolicyValue } from './policy.entity.js';
import { keyUnknown, policyUnitUnknown } from './policy.errors.js';
import { PolicyRepository } from './policy.repository.js';

type EffectiveItem = EffectiveDto['items'][number];

/** Reads parameters: the catalogue, who set what when and why, and what holds where. */
@Injectable()
export class PolicyQueryService {
  constructor(
    private readonly database: Database,
    private readonly repository: PolicyRepository,
    private readonly units: UnitRepository,
  ) {}

  /** POL-01: every parameter with its type, unit, default, description and source. */
  definitions(): { items: DefinitionDto[] } {
    return { items: ALL_POLICIES.map(toDefinitionDto) };
  }

  async list(ctx: CallContext, query: PoliciesQuery): Promise<Page<PolicyValueDto>> {
    const page = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    return { items: page.items.map(toPolicyValueDto), next: page.next };
  }

  /** POL-02, POL-03: what holds in a unit at a time, where it comes from and under which version. */
  async effective(ctx: CallContext, query: EffectiveQuery): Promise<EffectiveDto> {
    const at = query.at === undefined ? ctx.now : new Date(query.at);
    const { path, values } = await this.database.read(ctx.scope, (tx) => this.load(tx, query));
    const items =
      query.key === undefined
        ? allKeys(values).flatMap((key) => effectiveItem(key, values, path, at) ?? [])
        : [oneItem(query.key, values, path, at)];
    return { unitId: query.unitId, at: at.toISOString(), items };
  }

  private async load(
    tx: Tx,
    query: EffectiveQuery,
  ): Promise<{ path: PolicyPath; values: StoredPolicyValue[] }> {
    const units = await this.units.pathOf(tx, query.unitId);
    const idOf = (kind: string): string | undefined => units.find((unit) => unit.kind === kind)?.id;
    const groupId = idOf('group');
    if (groupId === undefined) throw policyUnitUnknown();
    const ids = units.map((unit) => unit.id);
    const values =
      query.key === undefined
        ? await this.repository.valuesOf(tx, ids)
        : await this.repository.values(tx, [query.key], ids);
    return { path: { groupId, regionId: idOf('region'), branchId: idOf('branch') }, values };
  }
}

// A key with a placeholder stands for many; those that have a value are known.
function allKeys(values: readonly StoredPolicyValue[]): string[] {
  const plain = ALL_POLICIES.filter((definition) => !definition.key.includes('{'));
  return [
    ...new Set([...plain.map((definition) => definition.key), ...values.map((value) => value.key)]),
  ].sort();
}

function oneItem(
  key: string,
  values: readonly StoredPolicyValue[],
  path: PolicyPath,
  at: Date,
): EffectiveItem {
  const definition = findPolicyDefinition(ALL_POLICIES, key);
  if (!definition) throw keyUnknown(key);
  const item = effectiveItem(key, values, path, at);
  if (!item || item.missing !== null) throw policyMissing(definition, key);
  return item;
}

/** What holds for a key; undefined for a key that was set once and is no parameter any more. */
function effectiveItem(
  key: string,
  values: readonly StoredPolicyValue[],
  path: PolicyPath,
  at: Date,
): EffectiveItem | undefined {
  const definition = findPolicyDefinition(ALL_POLICIES, key);
  if (!definition) return undefined;
  const found = findPolicy(definition, key, values, path, at);
  if (!found) {
    const missing = policyMissing(definition, key).detail;
    return { key, value: null, version: null, from: null, effectiveFrom: null, missing };
  }
  return {
    key,
    value: found.value as EffectiveItem['value'],
    version: found.version,
    from: found.from,
    effectiveFrom: found.effectiveFrom.toISOString(),
    missing: null,
  };
}

function toDefinitionDto(definition: PolicyDefinition): DefinitionDto {
  const { key, type, unit, choices, lockable, levels, description, source } = definition;
  return {
    key,
    type,
    unit: unit ?? null,
    default: (definition.default ?? null) as DefinitionDto['default'],
    choices: choices ? [...choices] : null,
    lockable,
    levels: [...levels],
    setBy: Object.fromEntries(levels.map((level) => [level, [...POLICY_SETTERS[level]]])),
    description,
    source,
  };
}
