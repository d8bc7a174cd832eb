import { hash } from 'node:crypto';
import { invalid } from '@steward/kernel';
import { canonicalJson } from '../audit/canonical-json.js';
import type { CallContext, IdempotencyKey } from '../context.js';

// Printable ASCII without spaces; a quoted structured-field string is taken as its content.
const KEY = /^[\x21-\x7e]{1,200}$/;

/** Checks an `Idempotency-Key` header. Throws `idempotency.malformed-key` (400). */
export function parseIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = typeof header === 'string' ? header.trim().replace(/^"(.*)"$/, '$1') : '';
  if (!KEY.test(key)) {
    throw invalid(
      'idempotency.malformed-key',
      'Idempotency-Key must be 1 to 200 printable ASCII characters, best a UUID.',
    );
  }
  return key;
}

/** The digest that tells a repeat from another command: the address with its parameters, and the body's content. */
export function commandHash(url: string, body: unknown): string {
  return hash('sha256', `${url}\n${canonicalJson(body)}`);
}

/** The idempotency part of a call: the key, the route as `POST /api/v1/tickets/:id/complete`, and the command's digest. */
export function idempotencyOf(
  key: string,
  request: Readonly<{ method: string; route: string; url: string; body: unknown }>,
): IdempotencyKey {
  return { key, route: `${request.method} ${request.route}`, hash: commandHash(request.url, request.body) };
}

/**
 * The same call with the digest of a body that is not JSON (an upload), once its content is known.
 * `content` is anything that stands for the content, for example the file's own digest.
 */
export function withContentHash(ctx: CallContext, content: string): CallContext {
  if (!ctx.idempotency) return ctx;
  return { ...ctx, idempotency: { ...ctx.idempotency, hash: commandHash(ctx.idempotency.hash, content) } };
}
