import { describe, expect, it } from '@jest/globals';
import { ROLES } from '@steward/kernel';
import { KEEPERS, KNOWS_NAMES, KNOWS_PERSON, maskNumber, mayDo, READERS } from './customer.rules.js';

describe('ORG-03 masked numbers', () => {
  it.each([
    ['+86 139-0000-1234', '***1234'],
    ['31010119900101123X', '***123X'],
    ['110', '***'],
    ['123456', '***'],
    ['12-34-56', '***'],
    ['123-4567', '***4567'],
    ['', '***'],
  ])('%s is shown as %s', (number, masked) => {
    expect(maskNumber(number)).toBe(masked);
  });
});

describe('ORG-03 roles', () => {
  it('whoever sees phones in full also sees the record; not all who see it see phones', () => {
    expect(KNOWS_PERSON.every((role) => READERS.includes(role))).toBe(true);
    expect(mayDo(KNOWS_PERSON, ['security', 'auditor', 'engineer'])).toBe(false);
    expect(mayDo(KNOWS_PERSON, ['security', 'cashier'])).toBe(true);
  });

  it('a name is shown in full to whoever works for the customer, masked to who only guards or checks', () => {
    const masked = READERS.filter((role) => !mayDo(KNOWS_NAMES, [role]));
    expect(masked).toEqual(['security', 'safety-inspector', 'auditor', 'hq-auditor']);
    expect(ROLES.filter((role) => mayDo(KNOWS_NAMES, [role]) && !mayDo(KEEPERS, [role]))).toEqual([
      'engineer',
      'engineering-supervisor',
      'accountant',
      'team-lead',
      'general-manager',
    ]);
  });

  it('machine clients and customers are no staff', () => {
    expect(mayDo([...READERS, ...KEEPERS], ['partner', 'customer'])).toBe(false);
  });
});
