import { defineAuditHeadSealed } from '../audit-head-sealed.js';
import type { DataOf } from '../definition.js';

export const InsightsAuditHeadSealed = defineAuditHeadSealed('insights');
export type InsightsAuditHeadSealed = DataOf<typeof InsightsAuditHeadSealed>;
