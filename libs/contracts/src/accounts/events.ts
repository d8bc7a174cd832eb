import { defineAuditHeadSealed } from '../audit-head-sealed.js';
import type { DataOf } from '../definition.js';

export { CustomerChanged } from './customer-changed.v1.js';
export { CustomerErased } from './customer-erased.v1.js';
export { CustomerLinked } from './customer-linked.v1.js';
export { CustomerMergeUndone } from './customer-merge-undone.v1.js';
export { CustomerMerged } from './customer-merged.v1.js';
export { CustomerRegistered } from './customer-registered.v1.js';
export { CustomerUnlinked } from './customer-unlinked.v1.js';

export const AccountsAuditHeadSealed = defineAuditHeadSealed('accounts');
export type AccountsAuditHeadSealed = DataOf<typeof AccountsAuditHeadSealed>;
