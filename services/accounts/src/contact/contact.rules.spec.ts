import { describe, expect, it } from '@jest/globals';
import { checkContact } from './contact.rules.js';

const owner = { role: 'owner', validFrom: '2026-03-01', validTo: null, proof: null } as const;

describe('ACC-09 contacts', () => {
  it.each([
    owner,
    { ...owner, validTo: '2026-03-01' },
    { ...owner, role: 'agent', proof: '委托书' },
  ] as const)('takes %o', (contact) => {
    expect(() => checkContact(contact)).not.toThrow();
  });

  it.each([
    ['contact.proof-missing', { ...owner, role: 'agent' }],
    ['contact.days', { ...owner, validTo: '2026-02-28' }],
  ] as const)('refuses with %s', (code, contact) => {
    expect(() => checkContact(contact)).toThrow(code);
  });
});
