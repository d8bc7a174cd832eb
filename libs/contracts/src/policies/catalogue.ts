import type { PolicyDefinition } from '@steward/kernel';
import { ACCOUNT_POLICIES } from './account-policies.js';
import { BILLING_POLICIES } from './billing-policies.js';
import { ORGANISATION_POLICIES } from './organisation-policies.js';
import { TICKET_POLICIES } from './ticket-policies.js';

/** Every parameter of every service (POL-01): organisation checks values against it, the services resolve by it. */
export const ALL_POLICIES: readonly PolicyDefinition[] = [
  ...ORGANISATION_POLICIES,
  ...ACCOUNT_POLICIES,
  ...BILLING_POLICIES,
  ...TICKET_POLICIES,
  ...BILLING_POLICIES,
];
