import type { Role } from '@steward/kernel';

type AtLeastOne = readonly [Role, ...Role[]];

/** Who registers people of a branch and keeps their names and phones. */
export const PERSONNEL: AtLeastOne = ['hr', 'branch-manager', 'hq-admin'];

/** ORG-04: who erases; a manager alone does not make records of his people disappear. */
export const ERASERS: AtLeastOne = ['hr', 'hq-admin'];

/** ORG-04: who puts a record under legal hold and lifts it. */
export const HOLDERS: AtLeastOne = ['hq-admin'];

/** ORG-03: who needs the phone number of a colleague for the work; each reading is logged. */
export const KNOWS_PHONES: AtLeastOne = ['hr', 'branch-manager', 'hq-admin'];

/** Whether one of the roles is among those that the act takes. */
export function mayDo(act: readonly Role[], roles: readonly Role[]): boolean {
  return act.some((role) => roles.includes(role));
}

const SHOWN = 4;

/** ORG-03: the last four digits tell people apart; a short number is hidden whole. */
export function maskPhone(phone: string | null): string | null {
  if (phone === null) return null;
  const digits = phone.replaceAll(/\D/g, '');
  return digits.length > SHOWN + 2 ? `***${digits.slice(-SHOWN)}` : '***';
}
