export {
  Allow,
  AllowAuthenticated,
  authenticatedAccess,
  Ctx,
  Public,
  publicAccess,
  rolesAccess,
  type RouteAccess,
} from './access.js';
export { Answers } from './answers.js';
export { decodeCursor, encodeCursor, type Cursor } from './cursor.js';
export { useDocs } from './openapi/docs.js';
export { farewell } from './farewell.js';
export { day, entries, flag, ids, instant, month, reason, text } from './fields.js';
export { commandHash, idempotencyOf, parseIdempotencyKey, withContentHash } from './idempotency.js';
export { MAX_DEPTH, parseJsonBody } from './json-body.js';
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
export { coversTag, etagOf, parseIfMatch, requireMatch } from './preconditions.js';
export { faultOf, problemOf, type Fault, type Problem } from './problems/problem.js';
export { PROBLEM_TYPE } from './problems/problem-filter.js';
export { problemSchema } from './openapi/problem-answers.js';
export { DEFAULT_BODY_LIMIT } from './server.js';
export { TokenVerifier, type Identity } from './guard/token-verifier.js';
export { schemaProblem, SchemaPipe } from './validation-pipe.js';
import './request.js';
