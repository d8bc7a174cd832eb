import type { Role, UnitKind } from '@steward/kernel';

/** Who registers, renames, closes and opens units of each kind again: headquarters the structure, a branch its sites. */
const KEEPERS: Readonly<Record<UnitKind, readonly Role[]>> = {
  group: ['hq-admin'],
  region: ['hq-admin'],
  branch: ['hq-admin', 'general-manager'],
  site: ['hq-admin', 'general-manager', 'branch-manager'],
};

export const KEEPER_ROLES: readonly [Role, ...Role[]] = ['hq-admin', 'general-manager', 'branch-manager'];

const PARENTS: Readonly<Record<UnitKind, readonly UnitKind[]>> = {
  group: [],
  region: ['group'],
  branch: ['region', 'group'],
  site: ['branch'],
};

/** Whether someone with these roles over the unit may change it. */
export function mayKeep(kind: UnitKind, roles: readonly Role[]): boolean {
  return KEEPERS[kind].some((role) => roles.includes(role));
}

/** Whether a unit of this kind may be added by someone with these roles over its parent. */
export function mayRegister(kind: UnitKind, roles: readonly Role[]): boolean {
  // A new branch is in nobody's scope yet but headquarters'.
  return kind === 'site' ? mayKeep(kind, roles) : roles.includes('hq-admin');
}

/** Group → region → branch → site; a small group has no regions. */
export function fitsUnder(kind: UnitKind, parent: UnitKind): boolean {
  return PARENTS[kind].includes(parent);
}

/** The branch a unit belongs to: a branch to itself, a site to its parent, what stands above to none. */
export function branchOf(
  unit: Readonly<{ id: string; kind: UnitKind; parentId: string | null }>,
): string | null {
  if (unit.kind === 'branch') return unit.id;
  return unit.kind === 'site' ? unit.parentId : null;
}
