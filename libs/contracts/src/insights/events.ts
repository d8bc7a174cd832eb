import { defineAuditHeadSealed } from '../audit-head-sealed.js';
import type { DataOf } from '../definition.js';

export { MonthClosed } from './month-closed.v1.js';

export const InsightsAuditHeadSealed = defineAuditHeadSealed('insights');
export type InsightsAuditHeadSealed = DataOf<typeof InsightsAuditHeadSealed>;
