import type { Role } from '@steward/kernel';

type AtLeastOne = readonly [Role, ...Role[]];

const CUSTOMER_SERVICE = ['cs-agent', 'cs-supervisor', 'cs-manager', 'branch-manager'] as const;

/** Who takes customers into the master and keeps their records (ACC-01). */
export const KEEPERS: AtLeastOne = [
  ...CUSTOMER_SERVICE,
  'front-desk',
  'account-manager',
  'cashier',
  'hq-admin',
];

/** ORG-03: who needs a customer's name for the work; the others see it masked. Phones are masked for all. */
export const KNOWS_NAMES: AtLeastOne = [
  ...KEEPERS,
  'engineer',
  'engineering-supervisor',
  'team-lead',
  'accountant',
  'general-manager',
];

/** Who sees that there is such a customer. */
export const READERS: AtLeastOne = [...KNOWS_NAMES, 'security', 'safety-inspector', 'auditor', 'hq-auditor'];

/** ORG-03: who may read phones and identity numbers in full; each reading stands in the trail. */
export const KNOWS_PERSON: AtLeastOne = [
  ...CUSTOMER_SERVICE,
  'front-desk',
  'account-manager',
  'cashier',
  'accountant',
  'hq-admin',
];

/** ACC-02: who may say that two records are one customer. */
export const MERGERS: AtLeastOne = ['cs-supervisor', 'cs-manager', 'branch-manager', 'hq-admin'];

/** Who decides about a merge that touches several branches. */
export const MERGE_JUDGES: AtLeastOne = ['hq-admin'];

/** ORG-04: who erases, and who stops it. */
export const ERASERS: AtLeastOne = ['cs-manager', 'hq-admin'];
export const HOLDERS: AtLeastOne = ['hq-admin'];

/** The branch's form code in customer numbers (ORG-05). */
export const CUSTOMER_FORM = 'C';

/** Whether one of the roles is among those that the act takes. */
export const mayDo = (act: readonly Role[], roles: readonly Role[]): boolean =>
  act.some((role) => roles.includes(role));

const SHOWN = 4;

/** ORG-03: the last four digits tell people apart; a short number is hidden whole. */
export function maskNumber(number: string): string {
  const kept = number.replaceAll(/[^\p{L}\p{N}]/gu, '');
  return kept.length > SHOWN + 2 ? `***${kept.slice(-SHOWN)}` : '***';
}

/** How long a foreign customer that was shown as a possible duplicate may be linked (ACC-02). */
export const SIGHTING_MS = 3_600_000;
