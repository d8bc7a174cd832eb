import { defineAuditHeadSealed } from '../audit-head-sealed.js';
import type { DataOf } from '../definition.js';

export const BillingAuditHeadSealed = defineAuditHeadSealed('billing');
export type BillingAuditHeadSealed = DataOf<typeof BillingAuditHeadSealed>;
