export { Allow, AllowAuthenticated, Ctx, Public, publicAccess, type RouteAccess } from './access.js';
export { Answers } from './answers.js';
export { encodeCursor, type Cursor } from './cursor.js';
export { farewell } from './farewell.js';
export { day, entries, flag, ids, instant, month, reason, text } from './fields.js';
export { keyset, pageOf, type KeyedRow, type Keyset, type SortColumn, type SortType } from './keyset.js';
export {
  DEFAULT_LIMIT,
  listQuery,
  MAX_LIMIT,
  pageSchema,
  type ListQuery,
  type Page,
  type Sort,
} from './list-query.js';
export { requireMatch } from './preconditions.js';
export { faultOf, problemOf, type Fault, type Problem } from './problems/problem.js';
export { PROBLEM_TYPE } from './problems/problem-filter.js';
export { problemSchema } from './openapi/problem-answers.js';
export { TokenVerifier, type Identity } from './guard/token-verifier.js';
export { schemaProblem } from './validation-pipe.js';
import './request.js';
