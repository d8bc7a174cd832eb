import { defineAuditHeadSealed } from '../audit-head-sealed.js';
import type { DataOf } from '../definition.js';

export { CalendarDefined } from './calendar-defined.v1.js';
export { EmployeeErased } from './employee-erased.v1.js';
export { EmployeeRegistered } from './employee-registered.v1.js';
export { PolicySet } from './policy-set.v1.js';
export { RoleGranted } from './role-granted.v1.js';
export { RoleRevoked } from './role-revoked.v1.js';
export { UnitChanged } from './unit-changed.v1.js';
export { UnitRegistered } from './unit-registered.v1.js';

export const OrganisationAuditHeadSealed = defineAuditHeadSealed('organisation');
export type OrganisationAuditHeadSealed = DataOf<typeof OrganisationAuditHeadSealed>;
