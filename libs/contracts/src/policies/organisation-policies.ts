import { definePolicy } from '@steward/kernel';

/** ORG-04: how long the personal values of somebody who holds no role any more are kept. */
export const FORMER_EMPLOYEE_RETENTION = definePolicy({
  key: 'organisation.retention.former-employee',
  type: 'integer',
  unit: 'days',
  default: 730,
  lockable: true,
  levels: ['group', 'region', 'branch'],
  description:
    'Days after the end of the last role until name and phone of a former employee are erased; a legal hold stops it.',
  source: 'S1§10; the number is practice',
  validate: (value) => {
    const days = value as number;
    if (days < 1) throw new Error('At least one day.');
    return days;
  },
});

export const ORGANISATION_POLICIES = [FORMER_EMPLOYEE_RETENTION];
