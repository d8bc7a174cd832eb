import { definePolicy } from '@steward/kernel';

/** ORG-04: how long the personal values of a customer who was given up are kept. */
export const FORMER_CUSTOMER_RETENTION = definePolicy({
  key: 'accounts.retention.former-customer',
  type: 'integer',
  unit: 'days',
  default: 3650,
  lockable: true,
  levels: ['group', 'region', 'branch'],
  description:
    'Days after a customer was made inactive until name, phones and contacts are erased; a legal hold stops it.',
  source: 'ORG-04; the number is practice',
  validate: (value) => {
    const days = value as number;
    if (days < 1) throw new Error('At least one day.');
    return days;
  },
});

export const ACCOUNT_POLICIES = [FORMER_CUSTOMER_RETENTION];
