import { forbidden, type Role } from '@steward/kernel';
import { rolesAt, type CallContext } from '@steward/platform';

type AtLeastOne = readonly [Role, ...Role[]];

/** Who keeps the branch's receivables: accounts, charges, invoices, credit notes, runs, tariffs. */
export const KEEPERS: AtLeastOne = ['accountant', 'branch-manager'];

/** Who opens the account of a customer. */
export const OPENERS: AtLeastOne = ['cashier', 'accountant', 'branch-manager', 'cs-manager', 'cs-supervisor'];

/** Who sees what a customer owes and has paid. */
export const READERS: AtLeastOne = [
  'cashier',
  'accountant',
  'branch-manager',
  'general-manager',
  'account-manager',
  'front-desk',
  'cs-agent',
  'cs-supervisor',
  'cs-manager',
  'auditor',
  'hq-auditor',
  'hq-admin',
];

/** Who sees the books themselves. */
export const BOOK_READERS: AtLeastOne = [
  'accountant',
  'branch-manager',
  'general-manager',
  'auditor',
  'hq-auditor',
  'hq-admin',
];

/** The scope let the caller find it by some role; the change needs one of its own roles over this very record. */
export function checkKeeper(
  ctx: CallContext,
  keepers: readonly Role[],
  place: Readonly<{ branchId: string; siteId: string | null }>,
): void {
  if (ctx.actor.kind === 'system') return;
  if (!rolesAt(ctx, place).some((role) => keepers.includes(role)))
    throw forbidden('billing.role-missing', 'Your roles do not allow this here.');
}
