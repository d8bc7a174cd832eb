import { defineAuditHeadSealed } from '../audit-head-sealed.js';
import type { DataOf } from '../definition.js';

export const PremisesAuditHeadSealed = defineAuditHeadSealed('premises');
export type PremisesAuditHeadSealed = DataOf<typeof PremisesAuditHeadSealed>;
