import { definePolicy } from '@steward/kernel';

/** BIL-07: how long a customer has to pay. */
export const DUE_DAYS = definePolicy({
  key: 'billing.due-days',
  type: 'integer',
  unit: 'days',
  default: 15,
  lockable: true,
  levels: ['group', 'region', 'branch'],
  description: 'Days from the day on which something is charged until it is due.',
  source: 'practice',
  validate: (value) => {
    const days = value as number;
    if (days < 0 || days > 366) throw new Error('From 0 to 366 days.');
    return days;
  },
});

export const BILLING_POLICIES = [DUE_DAYS];
