import { invalid, preconditionFailed, preconditionRequired } from '@steward/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CallContext } from '../context.js';

/** Methods that change nothing. */
export const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a route can ask for the version of a record: it changes one that its path names. */
export const takesIfMatch = (method: string, route: string): boolean =>
  !READING.has(method) && /[:{]/.test(route);

/** The strong entity tag of a version: `"v3"`. */
export const etagOf = (version: number): string => `"v${version}"`;

const TAG = /^"v(0|[1-9]\d{0,14})"$/;
const FOREIGN_TAG = /^(W\/)?"[\x21\x23-\x7e]*"$/;

/**
 * The version that an `If-Match` header names, or undefined without one. A weak or foreign tag can never match (412);
 * `*` and lists are refused (400), because a change names the one version it was made from.
 */
export function parseIfMatch(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const version = TAG.exec(header.trim())?.[1];
  if (version !== undefined) return Number(version);
  if (FOREIGN_TAG.test(header.trim())) throw stale();
  throw invalid(
    'precondition.malformed',
    'If-Match must hold one entity tag, as the ETag header gave it: "v3".',
  );
}

const stale = (current?: number) =>
  preconditionFailed(
    'precondition.stale',
    'The record was changed meanwhile. Read it again and repeat the change on the new version.',
    current === undefined ? undefined : { currentVersion: current },
  );

/**
 * Makes sure that the caller changes the version it has seen. Throws `precondition.required` (428) when the request
 * carried no `If-Match`, `precondition.stale` (412) when `version` is another one.
 */
export function requireMatch(ctx: CallContext, version: number): void {
  if (ctx.ifMatch === undefined) {
    throw preconditionRequired(
      'precondition.required',
      'Name the version you change: send its ETag as If-Match.',
    );
  }
  if (ctx.ifMatch !== version) throw stale(version);
}

/** Whether an `If-None-Match` header covers the tag; the comparison is weak (RFC 9110, 13.1.2). */
export function coversTag(header: string, tag: string): boolean {
  if (header.trim() === '*') return true;
  return header.split(',').some((item) => item.trim().replace(/^W\//, '') === tag);
}

function versionOf(payload: unknown): number | undefined {
  if (payload === null || typeof payload !== 'object') return undefined;
  const { version } = payload as { version?: unknown };
  return typeof version === 'number' && Number.isInteger(version) && version >= 0 ? version : undefined;
}

function tagAnswer(
  _request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (e: null, p: unknown) => void,
): void {
  const version = reply.statusCode < 300 ? versionOf(payload) : undefined;
  if (version !== undefined && !reply.hasHeader('etag')) {
    reply.header('etag', etagOf(version)).header('cache-control', 'private, no-cache');
  }
  done(null, payload);
}

function answerUnchanged(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (e: null, p: unknown) => void,
): void {
  const asked = request.headers['if-none-match'];
  const tag = reply.getHeader('etag');
  if (asked && typeof tag === 'string' && reply.statusCode === 200 && coversTag(asked, tag)) {
    reply.code(304).removeHeader('content-length').removeHeader('content-type');
    done(null, null);
    return;
  }
  done(null, payload);
}

/** Gives every answer with a `version` its ETag, and answers a GET of an unchanged record with 304. */
export function useEntityTags(fastify: FastifyInstance): void {
  fastify.addHook('preSerialization', tagAnswer);
  fastify.addHook('onRoute', (route) => {
    const methods = Array.isArray(route.method) ? route.method : [route.method];
    if (!methods.includes('GET')) return;
    const own = route.onSend === undefined ? [] : [route.onSend].flat();
    route.onSend = [...own, answerUnchanged];
  });
}
