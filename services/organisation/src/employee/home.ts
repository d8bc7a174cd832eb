import type { Role } from '@steward/kernel';
import { rolesAt, type CallContext } from '@steward/platform';

/**
 * The roles that the caller holds over the unit that employs someone: only these permit to see or change personal
 * values. Headquarters' own staff is in nobody's hands but headquarters'.
 */
export function rolesAtHome(ctx: CallContext, employee: Readonly<{ branchId: string | null }>): Role[] {
  return rolesAt(ctx, { branchId: employee.branchId });
}
