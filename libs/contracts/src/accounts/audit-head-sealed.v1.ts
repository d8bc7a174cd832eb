import { defineAuditHeadSealed } from '../audit-head-sealed.js';
import type { DataOf } from '../definition.js';

export const AccountsAuditHeadSealed = defineAuditHeadSealed('accounts');
export type AccountsAuditHeadSealed = DataOf<typeof AccountsAuditHeadSealed>;
