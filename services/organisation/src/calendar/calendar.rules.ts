import type { Role } from '@steward/kernel';

export const CALENDAR_ROLES: readonly [Role, ...Role[]] = ['hq-admin', 'general-manager', 'branch-manager'];

/** Whether someone with these roles over the branch (or over the group, for `null`) keeps its calendars. */
export function mayKeepCalendar(branchId: string | null, roles: readonly Role[]): boolean {
  return (branchId === null ? (['hq-admin'] as const) : CALENDAR_ROLES).some((role) => roles.includes(role));
}
