import { defineAuditHeadSealed } from '../audit-head-sealed.js';
import type { DataOf } from '../definition.js';

export const NewcomerAuditHeadSealed = defineAuditHeadSealed('newcomer');
export type NewcomerAuditHeadSealed = DataOf<typeof NewcomerAuditHeadSealed>;
