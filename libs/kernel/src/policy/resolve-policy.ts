import { DomainError } from '../domain-error.js';
import {
  POLICY_SETTERS,
  type PolicyDefinition,
  type PolicyLevel,
  type PolicyPath,
  type PolicyValue,
  type ResolvedPolicy,
} from './policy.js';

const FROM_THE_TOP: readonly PolicyLevel[] = ['group', 'region', 'branch'];
const SINCE_EVER = 0;

/**
 * The value in force at an instant: the most specific level wins (POL-02), unless a level above holds a locked value
 * and the parameter is lockable; per level the latest value with `effectiveFrom <= at` counts (POL-03).
 * @param key concrete key by `policyKey`; values of other keys or units are passed over.
 * @throws DomainError `policy.missing` (kind unprocessable), which names the key and who may set it (POL-05).
 */
export function resolvePolicy<V>(
  definition: PolicyDefinition<V>,
  key: string,
  values: readonly PolicyValue[],
  path: PolicyPath,
  at: Date,
): ResolvedPolicy<V> {
  const found = findPolicy(definition, key, values, path, at);
  if (found) return found;
  throw policyMissing(definition, key);
}

/** Like `resolvePolicy`, but gives undefined where there is neither a value nor a default. */
export function findPolicy<V>(
  definition: PolicyDefinition<V>,
  key: string,
  values: readonly PolicyValue[],
  path: PolicyPath,
  at: Date,
): ResolvedPolicy<V> | undefined {
  const units = { group: path.groupId, region: path.regionId, branch: path.branchId };
  let result: ResolvedPolicy<V> | undefined;
  for (const level of FROM_THE_TOP) {
    const value = inForce(values, key, level, units[level], at);
    if (!value) continue;
    const { version, effectiveFrom } = value;
    result = { value: value.value as V, version, from: level, effectiveFrom };
    if (value.locked && definition.lockable) break;
  }
  if (result || definition.default === undefined) return result;
  return { value: definition.default, version: 0, from: 'default', effectiveFrom: new Date(SINCE_EVER) };
}

/** The error of a parameter that nobody set: names it and says which roles may set it, on which levels (POL-05). */
export function policyMissing(definition: PolicyDefinition, key: string): DomainError {
  const { levels, description, unit } = definition;
  const setBy = Object.fromEntries(levels.map((level) => [level, POLICY_SETTERS[level]]));
  const who = levels.map((level) => `${POLICY_SETTERS[level].join(' or ')} for the ${level}`).join('; ');
  const detail = `The parameter ${key} (${description}) has no value. It can be set by ${who}.`;
  return new DomainError('unprocessable', 'policy.missing', detail, undefined, { key, setBy, levels, unit });
}

function inForce(
  values: readonly PolicyValue[],
  key: string,
  level: PolicyLevel,
  unitId: string | undefined,
  at: Date,
): PolicyValue | undefined {
  let latest: PolicyValue | undefined;
  for (const value of values) {
    if (value.key !== key || value.unitKind !== level || value.unitId !== unitId) continue;
    if (value.effectiveFrom.getTime() <= at.getTime() && isLater(value, latest)) latest = value;
  }
  // A withdrawn value hides the older ones of its unit, not those of the levels above.
  return latest?.value === null ? undefined : latest;
}

function isLater(value: PolicyValue, than: PolicyValue | undefined): boolean {
  if (!than) return true;
  const difference = value.effectiveFrom.getTime() - than.effectiveFrom.getTime();
  return difference > 0 || (difference === 0 && value.version > than.version);
}
