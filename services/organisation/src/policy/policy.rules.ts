import {
  POLICY_SETTERS,
  type PolicyDefinition,
  type PolicyLevel,
  type Role,
  type UnitKind,
} from '@steward/kernel';
import type { StoredPolicyValue } from './policy.entity.js';

/** Everybody who may set some value somewhere. */
export const SETTERS: readonly [Role, ...Role[]] = ['hq-admin', 'general-manager', 'branch-manager'];

/** Whether the parameter has values on this level; a site has its branch's. */
export function isLevelOf(definition: PolicyDefinition, kind: UnitKind): kind is PolicyLevel {
  return (definition.levels as readonly UnitKind[]).includes(kind);
}

/** POL-02: whether someone with these roles over the unit may set a value there. */
export function maySet(level: PolicyLevel, roles: readonly Role[]): boolean {
  return POLICY_SETTERS[level].some((role) => roles.includes(role));
}

/** POL-02: a lock binds the levels below, so the lowest level has none. */
export function mayLock(definition: PolicyDefinition, level: PolicyLevel): boolean {
  return definition.lockable && level !== 'branch';
}

/** The value in force at an instant among values of one key and unit (POL-03): the latest date, then the latest version. */
export function inForce(values: readonly StoredPolicyValue[], at: Date): StoredPolicyValue | undefined {
  return values
    .filter((value) => value.effectiveFrom <= at)
    .reduce<StoredPolicyValue | undefined>(
      (best, value) => (best && !isLater(value, best) ? best : value),
      undefined,
    );
}

function isLater(value: StoredPolicyValue, than: StoredPolicyValue): boolean {
  const difference = value.effectiveFrom.getTime() - than.effectiveFrom.getTime();
  return difference > 0 || (difference === 0 && value.version > than.version);
}

/**
 * POL-02: the lock that forbids a value of this unit at its date: the topmost locked value in force above.
 * @param above ids of the units above, from the top down. @param values all values of the key.
 */
export function lockOver(
  above: readonly string[],
  values: readonly StoredPolicyValue[],
  at: Date,
): StoredPolicyValue | undefined {
  return above
    .map((unitId) =>
      inForce(
        values.filter((value) => value.unitId === unitId),
        at,
      ),
    )
    .find((value) => value?.locked);
}

/** Whether a value says what the same unit's value of the same date says already: setting it again changes nothing. */
export function isSame(value: StoredPolicyValue, known: readonly StoredPolicyValue[]): boolean {
  const [last] = known
    .filter((other) => other.effectiveFrom.getTime() === value.effectiveFrom.getTime())
    .sort((a, b) => b.version - a.version);
  return last !== undefined && last.locked === value.locked && content(last.value) === content(value.value);
}

/** A JSON text that is the same for the same content, whatever the order of the fields. */
function content(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
