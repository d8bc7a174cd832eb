import { defineAuditHeadSealed } from '../audit-head-sealed.js';
import type { DataOf } from '../definition.js';

export const TicketsAuditHeadSealed = defineAuditHeadSealed('tickets');
export type TicketsAuditHeadSealed = DataOf<typeof TicketsAuditHeadSealed>;
