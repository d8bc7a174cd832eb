import { describe, expect, it } from '@jest/globals';
import { ROLES } from '@steward/kernel';
import { ERASERS, HOLDERS, KNOWS_PHONES, maskPhone, mayDo, PERSONNEL } from './employee.rules.js';

describe('ORG-03 phone numbers', () => {
  it.each([
    ['+86 139 0000 0004', '***0004'],
    ['13900000004', '***0004'],
    ['021-5555 0100', '***0100'],
    ['1234567', '***4567'],
    ['123456', '***'],
    ['12-34-56', '***'],
    ['110', '***'],
    [null, null],
  ])('ORG-03 %p is shown as %p', (phone, shown) => {
    expect(maskPhone(phone)).toBe(shown);
  });

  it('ORG-03 only personnel, the manager and headquarters read them in full', () => {
    expect(ROLES.filter((role) => mayDo(KNOWS_PHONES, [role]))).toEqual(['branch-manager', 'hr', 'hq-admin']);
  });
});

describe('who keeps records of employees', () => {
  const those = (act: typeof PERSONNEL) => ROLES.filter((role) => mayDo(act, [role]));

  it('personnel registers, personnel or headquarters erases, headquarters holds (ORG-04)', () => {
    expect(those(PERSONNEL)).toEqual(['branch-manager', 'hr', 'hq-admin']);
    expect(those(ERASERS)).toEqual(['hr', 'hq-admin']);
    expect(those(HOLDERS)).toEqual(['hq-admin']);
  });

  it('one of several roles is enough, and none is none', () => {
    expect(mayDo(ERASERS, ['driver', 'hr'])).toBe(true);
    expect(mayDo(ERASERS, [])).toBe(false);
  });
});
