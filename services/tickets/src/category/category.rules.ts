import type { Role } from '@steward/kernel';

/** Who keeps the branch's list of categories (TKT-05). */
export const CATEGORY_ROLES: readonly [Role, ...Role[]] = ['cs-manager', 'branch-manager', 'hq-admin'];

/** What a category's code may look like: it stands in policy keys, so no dots or spaces. */
export const CATEGORY_CODE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
