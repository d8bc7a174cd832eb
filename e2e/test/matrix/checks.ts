import type { Operation } from '../api-operations.js';
import { checkOtherRoles, checkTokens, checkWaysRound } from './check-door.js';
import { checkAdminSees, checkCounts, checkCursors, checkFilters, checkLists } from './check-lists.js';
import { checkNames, checkOtherBranch, checkOtherSite, checkOwn, checkReferences } from './check-scope.js';
import type { Finding, World } from './world.js';

type Check = (world: World, operation: Operation) => Promise<Finding[]> | Finding[];

/** What is asked of every route, in this order; the last one changes records. Each title tells what holds. */
export const CHECKS: readonly (readonly [title: string, check: Check])[] = [
  ['no, expired, foreign or misdirected token → 401', (world, operation) => checkTokens(world, operation)],
  ['other role, revoked role, no role → 403, existing or not', checkOtherRoles],
  ['other methods and spellings lead nowhere', checkWaysRound],
  ['other branch → 404 as if it did not exist, and unchanged', checkOtherBranch],
  ['other site → 404 as if it did not exist, and unchanged', checkOtherSite],
  [
    'lists, pages, exports tell nothing of elsewhere',
    async (world, operation) => [
      ...(await checkLists(world, operation)),
      ...(await checkAdminSees(world, operation)),
    ],
  ],
  ['lists and counts do not depend on other branches', checkCounts],
  [
    'filters and cursors find nothing elsewhere',
    async (world, operation) => [
      ...(await checkFilters(world, operation)),
      ...(await checkCursors(world, operation)),
    ],
  ],
  ['ids of elsewhere in the body are refused and leave nothing', checkReferences],
  ['names of elsewhere are free', checkNames],
  ['own branch, listed role → gets through', checkOwn],
];
