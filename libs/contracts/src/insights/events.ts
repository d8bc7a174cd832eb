export { InsightsAuditHeadSealed } from './audit-head-sealed.v1.js';
