import type { Role } from '@steward/kernel';

type AtLeastOne = readonly [Role, ...Role[]];

/** Who keeps the branch's receivables: accounts, charges, invoices, credit notes, runs, tariffs. */
export const KEEPERS: AtLeastOne = ['accountant', 'branch-manager'];

/** Who takes money in, and gives receipts. */
export const COLLECTORS: AtLeastOne = ['cashier', 'accountant'];

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
