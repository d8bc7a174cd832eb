import { defineAuditHeadSealed } from '../audit-head-sealed.js';
import type { DataOf } from '../definition.js';

export { NewcomerNoteClosed } from './note-closed.v1.js';
export { NewcomerNoteWritten } from './note-written.v1.js';

export const NewcomerAuditHeadSealed = defineAuditHeadSealed('newcomer');
export type NewcomerAuditHeadSealed = DataOf<typeof NewcomerAuditHeadSealed>;
