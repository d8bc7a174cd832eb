import { randomUUID } from 'node:crypto';
import { startTestIssuer } from '@steward/testing';
import { operationsOf } from '../api-operations.js';
import { CHECKS } from './checks.js';
import { snapshot } from './check-lists.js';
import { NOTES_DOCUMENT } from './notes-document.js';
import { NotesService, type Fault, type Holder } from './notes-service.js';
import { fill } from './records.js';
import { tokensOf, type Caller, type Finding, type Place, type World } from './world.js';

const [a, b, a1, a2, b1] = Array.from({ length: 5 }, () => randomUUID()) as [
  string,
  string,
  string,
  string,
  string,
];
const UNITS = [
  { branchId: a, siteId: a1 },
  { branchId: a, siteId: a2 },
  { branchId: b, siteId: b1 },
];

const PEOPLE: Readonly<Record<string, Holder>> = {
  'hq.admin': { roles: ['chief'] },
  'a.clerk': { roles: ['clerk'], branchId: a },
  'a.driver': { roles: ['driver'], branchId: a },
  'a1.clerk': { roles: ['clerk'], siteId: a1 },
  'a.everything': { roles: ['clerk', 'driver'], branchId: a },
  'a1.everything': { roles: ['clerk', 'driver'], siteId: a1 },
  'b.everything': { roles: ['clerk', 'driver'], branchId: b },
};

function caller(login: string): Caller {
  const holder = PEOPLE[login];
  if (!holder) return { login, roles: [], at: 'nowhere' };
  return { login, roles: holder.roles, at: holder.siteId ? 'site' : holder.branchId ? 'branch' : 'group' };
}

const place = (name: string, mark: string, maker: string, refs: Place['refs']): Place => ({
  ...{ name, mark, refs, maker: caller(maker), records: new Map(), secrets: new Set([mark]) },
});

function worldAt(url: string, token: World['token'], document: unknown): World {
  return {
    ...{ url, token, operations: operationsOf(document) },
    places: {
      own: place('the own site', 'zown', 'a.everything', UNITS[0]!),
      otherSite: place('the other site', 'zothersite', 'a.everything', UNITS[1]!),
      otherBranch: place('the other branch', 'zotherbranch', 'b.everything', UNITS[2]!),
    },
    group: place('the group', 'zgroup', 'hq.admin', {}),
    callers: ['hq.admin', 'a.clerk', 'a.driver', 'a1.clerk'].map(caller),
    allInBranch: caller('a.everything'),
    allAtSite: caller('a1.everything'),
    without: [caller('a.revoked')],
    admin: caller('hq.admin'),
    ...{ before: new Map(), after: new Map(), shared: new Set() },
  };
}

/** Runs the whole matrix against the fixture with one fault, or with none; gives all that it finds. */
export async function matrixOfNotes(
  fault: Fault | null,
  document: unknown = NOTES_DOCUMENT,
): Promise<Finding[]> {
  const issuer = await startTestIssuer();
  const service = new NotesService(issuer.url, new Map(Object.entries(PEOPLE)), UNITS, fault);
  try {
    const world = worldAt(await service.start(), tokensOf(issuer), document);
    await fill(world, world.places.own);
    await fill(world, world.places.otherSite, { siteOnly: true });
    await snapshot(world, world.before);
    await fill(world, world.places.otherBranch);
    await snapshot(world, world.after);
    const findings: Finding[] = [];
    for (const operation of world.operations)
      for (const [, check] of CHECKS) findings.push(...(await check(world, operation)));
    return findings;
  } finally {
    await service.stop();
    await issuer.close();
  }
}
