import type { Role, UnitKind } from '@steward/kernel';

/** Who acts: a person, a machine client or the platform itself. `id` is the token's subject, or the process's name. */
export type Actor = Readonly<{ id: string; kind: 'person' | 'client' | 'system' }>;

/** Ids of branches and sites, or `*` for all of them. */
export type ScopeList = '*' | readonly string[];

/**
 * What a transaction may touch (ORG-01). `read` and `write` name branches and sites; `refs` names the branches whose
 * reference data (categories, calendars) is readable: the read branches and the branches of the read sites.
 */
export type Scope = Readonly<{
  read: ScopeList;
  write: ScopeList;
  refs: ScopeList;
  /** Who waits for the database; decides turns, never rights. */
  caller?: string;
}>;

/** One role of a person or client in the units that its binding covers; `refs` as in `Scope`. */
export type Grant = Readonly<{ role: Role; level: UnitKind; units: ScopeList; refs: ScopeList }>;

/** The Idempotency-Key of a command, with the route it came on and the digest of its body (hex SHA-256). */
export type IdempotencyKey = Readonly<{ key: string; route: string; hash: string }>;

/** Everything a use case may know of its caller. Time is passed in: `now` is read once per request. */
export type CallContext = Readonly<{
  actor: Actor;
  grants: readonly Grant[];
  scope: Scope;
  clientId: string;
  correlationId: string;
  causationId?: string;
  now: Date;
  idempotency?: IdempotencyKey;
  ifMatch?: number;
}>;

/** The scope of the platform's own group-wide work: reads and writes everything. */
export const GROUP_SCOPE: Scope = { read: '*', write: '*', refs: '*' };

/** A scope that reads and writes the given branches and sites, and the reference data of `refs`. */
export const scopeOf = (units: ScopeList, refs: ScopeList = units): Scope => ({
  read: units,
  write: units,
  refs,
});

/** The same scope without the right to write. */
export const readOnly = (scope: Scope): Scope => ({ ...scope, write: [] });

/** A context for work that no request started: schedulers, imports' jobs, reactions. `name` becomes the actor. */
export function systemContext(name: string, scope: Scope, now: Date, correlationId = name): CallContext {
  return { actor: { id: name, kind: 'system' }, grants: [], scope, clientId: name, correlationId, now };
}

const covers = (units: ScopeList, id: string | null | undefined): boolean =>
  units === '*' || (id != null && units.includes(id));

/** Whether the list covers a row of this branch and site. */
export function inScope(list: ScopeList, row: { branchId: string | null; siteId?: string | null }): boolean {
  return covers(list, row.branchId) || covers(list, row.siteId);
}

/** The roles the caller holds over one record, for the list of actions that it may take now. */
export function rolesAt(ctx: CallContext, row: { branchId: string | null; siteId?: string | null }): Role[] {
  return [...new Set(ctx.grants.filter((grant) => inScope(grant.units, row)).map((grant) => grant.role))];
}

/** Whether the caller holds the role over the whole group. */
export function holdsInGroup(ctx: CallContext, role: Role): boolean {
  return ctx.grants.some((grant) => grant.role === role && grant.units === '*');
}

const union = (lists: readonly ScopeList[]): ScopeList =>
  lists.includes('*') ? '*' : [...new Set(lists.flatMap((list) => list as readonly string[]))];

/**
 * The scope of one route: made only from the bindings whose role permits it. A route that changes nothing gets no
 * write list, so a reader's code cannot write even by mistake.
 */
export function scopeOfGrants(grants: readonly Grant[], roles: readonly Role[], writes: boolean): Scope {
  const fitting = grants.filter((grant) => roles.includes(grant.role));
  const read = union(fitting.map((grant) => grant.units));
  return { read, write: writes ? read : [], refs: union(fitting.map((grant) => grant.refs)) };
}
