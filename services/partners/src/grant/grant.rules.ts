import { conflict, type Role } from '@steward/kernel';
import type { GrantTerms } from '../log/reduce.rules.js';

export const PERSONAL_FIELDS = ['customer', 'employee'] as const;
export const GRANT_STATES = ['active', 'revoked'] as const;
export type GrantState = (typeof GRANT_STATES)[number];

export const GRANT_ACTIONS = ['change', 'revoke'] as const;
export type GrantAction = (typeof GRANT_ACTIONS)[number];

export const GIVERS: readonly [Role, ...Role[]] = ['hq-admin'];
export const GRANT_READERS: readonly [Role, ...Role[]] = ['hq-admin', 'hq-auditor', 'partner'];

/** A grant: what headquarters let one partner client have. */
export type Grant = GrantTerms &
  Readonly<{
    id: string;
    partnerId: string;
    client: string;
    name: string;
    state: GrantState;
    givenBy: string;
    givenAt: Date;
    revokedAt: Date | null;
    version: number;
  }>;

export type GrantChange = Partial<GrantTerms & { name: string }>;

/** The grant with other terms. Throws `partner-grant.revoked`. */
export function changed(grant: Grant, change: GrantChange): Grant {
  mustBeActive(grant);
  return { ...grant, ...change, version: grant.version + 1 };
}

/** The grant as it is once revoked; it never comes back. Throws `partner-grant.revoked`. */
export function revoked(grant: Grant, at: Date): Grant {
  mustBeActive(grant);
  return { ...grant, state: 'revoked', revokedAt: at, version: grant.version + 1 };
}

/** What somebody with these roles may do with the grant now. */
export function grantActions(grant: Grant, roles: readonly Role[]): GrantAction[] {
  const may = grant.state === 'active' && GIVERS.some((role) => roles.includes(role));
  return may ? ['change', 'revoke'] : [];
}

function mustBeActive({ state }: Grant): void {
  if (state === 'revoked') throw conflict('partner-grant.revoked', 'The grant was revoked. Give a new one.');
}
