import type { TestIssuer, TestTokenOptions } from '@steward/testing';
import type { Operation } from '../api-operations.js';

/** One record of a collection at a place. */
export type Sample = Readonly<{
  id: string;
  /** made for the place's site: whoever is bound to another site must not find it */
  siteBound: boolean;
  /** as its maker was answered */
  json: Readonly<Record<string, unknown>>;
}>;

/** Somewhere that records belong to, with one record of each collection. */
export type Place = {
  readonly name: string;
  /** what references in bodies and queries mean here: `branchId`, `siteId`, `unit` … */
  readonly refs: Readonly<Record<string, string>>;
  /** stands in every free text that is stored here, and nowhere else */
  readonly mark: string;
  /** who makes the place's records */
  readonly maker: Caller;
  /** by collection: its path with `{}` for parameters */
  readonly records: Map<string, Sample>;
  /** texts that betray the place's records: marks, ids, numbers */
  readonly secrets: Set<string>;
};

export type Caller = Readonly<{
  login: string;
  roles: readonly string[];
  /** where the roles hold */
  at: 'group' | 'region' | 'branch' | 'site' | 'nowhere';
}>;

/** A platform with people and records, as the checks see it. */
export type World = Readonly<{
  /** the door through which the checks go */
  url: string;
  operations: readonly Operation[];
  token: (login: string, options?: TestTokenOptions) => string;
  /** two sites of one branch, and a site of a branch in another region */
  places: Readonly<{ own: Place; otherSite: Place; otherBranch: Place }>;
  /** records of the group itself, as far as there are any; `refs` are the ids of units above */
  group: Place;
  /** one caller for each role: in the own branch, at the own site, and above */
  callers: readonly Caller[];
  /** holds every role that can be held in the own branch, at the own site */
  allInBranch: Caller;
  allAtSite: Caller;
  /** had roles in the own branch, which were taken away; never had any */
  without: readonly Caller[];
  /** sees everything */
  admin: Caller;
  /** names of the other branch's records that records of the own branch were given too */
  shared: Set<string>;
  /** lists of callers before the other branch had records, by `nameOf(operation)` and login */
  before: Map<string, string>;
  after: Map<string, string>;
}>;

/** What a check found wrong, as one sentence that begins with the route. */
export type Finding = string;

export const nameOf = (operation: Operation): string => `${operation.method.toUpperCase()} ${operation.path}`;

/** A path with `{}` for its parameters, whatever they are called. */
export const bare = (path: string): string => path.replaceAll(/\{[^}]*\}/g, '{}');

/** The places whose records a caller must not learn anything of. */
export function hiddenFrom(world: World, caller: Caller): Place[] {
  const { own, otherSite, otherBranch } = world.places;
  switch (caller.at) {
    case 'group':
      return [];
    case 'site':
      return [otherSite, otherBranch, world.group];
    case 'nowhere':
      return [own, otherSite, otherBranch, world.group];
    default:
      return [otherBranch, world.group];
  }
}

export const allowed = (operation: Operation, caller: Caller): boolean =>
  operation.access === 'public' ||
  (operation.access === 'authenticated' && caller.roles.length > 0) ||
  caller.roles.some((role) => operation.roles.includes(role));

/** Tokens of an issuer, each signed once, as a person's client would keep it. */
export function tokensOf(issuer: TestIssuer): World['token'] {
  const kept = new Map<string, string>();
  return (login, options = {}) => {
    const key = `${login} ${JSON.stringify(options)}`;
    const token = kept.get(key) ?? issuer.token(login, options);
    kept.set(key, token);
    return token;
  };
}
