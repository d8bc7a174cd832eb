export { Audit, insertAuditRows, type AuditChange, type AuditEntry, type AuditRow } from './audit.js';
export { changesOf } from './changes.rules.js';
export type { AuditHead, PublishHeads } from './sealer.js';
export { AuditModule } from './audit.module.js';
