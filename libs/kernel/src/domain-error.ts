/** What went wrong, independent of transport: the kind alone picks the HTTP status and the retry behaviour. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'precondition-failed'
  | 'precondition-required'
  | 'unprocessable'
  | 'too-many'
  | 'unavailable';

/** A problem of one field; `path` is dotted (`items.0.amount`), empty for the whole body. */
export type FieldProblem = Readonly<{ path: string; code: string; detail: string }>;

/** Values named in the detail, for clients that show the text in their own language. */
export type ErrorParams = Readonly<Record<string, unknown>>;

/** An expected failure. `code` is a stable slug (`ticket.already-closed`), `detail` a sentence for people. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    readonly detail: string,
    readonly fields?: readonly FieldProblem[],
    readonly params?: ErrorParams,
  ) {
    super(`${code}: ${detail}`);
  }
}

/** Tells a domain error from any other thrown value; also one made by another copy of this library. */
export function isDomainError(error: unknown): error is DomainError {
  return error instanceof DomainError || (error instanceof Error && error.name === 'DomainError');
}

/** The input is malformed (400); `fields` names the places. */
export function invalid(
  code: string,
  detail: string,
  fields?: readonly FieldProblem[],
  params?: ErrorParams,
): DomainError {
  return new DomainError('invalid', code, detail, fields, params);
}

/** Nobody is signed in, or the token is not good (401). */
export function unauthenticated(code: string, detail: string, params?: ErrorParams): DomainError {
  return new DomainError('unauthenticated', code, detail, undefined, params);
}

/** The caller may see the thing but not do this with it (403). */
export function forbidden(code: string, detail: string, params?: ErrorParams): DomainError {
  return new DomainError('forbidden', code, detail, undefined, params);
}

/** The thing does not exist, or lies outside the caller's scope (404). */
export function notFound(code: string, detail: string, params?: ErrorParams): DomainError {
  return new DomainError('not-found', code, detail, undefined, params);
}

/** The present state does not allow it (409). */
export function conflict(code: string, detail: string, params?: ErrorParams): DomainError {
  return new DomainError('conflict', code, detail, undefined, params);
}

/** The caller changed an old version (412). */
export function preconditionFailed(code: string, detail: string, params?: ErrorParams): DomainError {
  return new DomainError('precondition-failed', code, detail, undefined, params);
}

/** The caller must say which version it changes (428). */
export function preconditionRequired(code: string, detail: string, params?: ErrorParams): DomainError {
  return new DomainError('precondition-required', code, detail, undefined, params);
}

/** Well formed, but it cannot be done as asked (422). */
export function unprocessable(
  code: string,
  detail: string,
  fields?: readonly FieldProblem[],
  params?: ErrorParams,
): DomainError {
  return new DomainError('unprocessable', code, detail, fields, params);
}

/** The caller asks too often or for too much (429). */
export function tooMany(code: string, detail: string, params?: ErrorParams): DomainError {
  return new DomainError('too-many', code, detail, undefined, params);
}

/** A part that is needed does not answer now; the same call may work later (503). */
export function unavailable(code: string, detail: string, params?: ErrorParams): DomainError {
  return new DomainError('unavailable', code, detail, undefined, params);
}
