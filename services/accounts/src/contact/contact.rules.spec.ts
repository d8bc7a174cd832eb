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
    ['contact.proof-missing', 'proof', 'required', { ...owner, role: 'agent' }],
    ['contact.days', 'validTo', 'too-early', { ...owner, validTo: '2026-02-28' }],
  ] as const)('refuses with %s at %s', (code, path, problem, contact) => {
    const fields = [expect.objectContaining({ path, code: problem })];
    expect(() => checkContact(contact)).toThrow(expect.objectContaining({ code, fields }));
  });
});
