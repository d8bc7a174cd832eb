import { defineAuditHeadSealed } from '../audit-head-sealed.js';
import type { DataOf } from '../definition.js';

export const OrganisationAuditHeadSealed = defineAuditHeadSealed('organisation');
export type OrganisationAuditHeadSealed = DataOf<typeof OrganisationAuditHeadSealed>;
