import { unprocessable } from '@steward/kernel';

/** ACC-09: what somebody is to a customer. */
export const CONTACT_ROLES = ['owner', 'tenant', 'agent', 'emergency', 'finance', 'liaison'] as const;
export type ContactRole = (typeof CONTACT_ROLES)[number];

type Terms = Readonly<{ role: ContactRole; validFrom: string; validTo: string | null; proof: string | null }>;

/** ACC-09: an agent acts under a power of attorney. @throws DomainError `contact.proof-missing`, `contact.days`. */
export function checkContact({ role, validFrom, validTo, proof }: Terms): void {
  if (role === 'agent' && proof === null)
    throw unprocessable('contact.proof-missing', 'An agent needs a power of attorney: name the document.', [
      { path: 'proof', code: 'required', detail: 'Name the power of attorney.' },
    ]);
  if (validTo !== null && validTo < validFrom)
    throw unprocessable('contact.days', 'A contact ends on the day it begins, or later.', [
      { path: 'validTo', code: 'too-early', detail: 'Before validFrom.' },
    ]);
}
