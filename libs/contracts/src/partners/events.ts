import { defineAuditHeadSealed } from '../audit-head-sealed.js';
import type { DataOf } from '../definition.js';

export { PartnerGrantChanged } from './grant-changed.v1.js';
export { PartnerGrantGiven } from './grant-given.v1.js';
export { PartnerGrantRevoked } from './grant-revoked.v1.js';
export { SubscriptionChanged } from './subscription-changed.v1.js';
export { SubscriptionDisabled } from './subscription-disabled.v1.js';
export { SubscriptionEnded } from './subscription-ended.v1.js';
export { SubscriptionMade } from './subscription-made.v1.js';

export const PartnersAuditHeadSealed = defineAuditHeadSealed('partners');
export type PartnersAuditHeadSealed = DataOf<typeof PartnersAuditHeadSealed>;
