export { NewcomerAuditHeadSealed } from './audit-head-sealed.v1.js';
export { NewcomerNoteClosed } from './note-closed.v1.js';
export { NewcomerNoteWritten } from './note-written.v1.js';
