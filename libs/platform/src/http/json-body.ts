import { isUtf8 } from 'node:buffer';
import { invalid, type DomainError } from '@steward/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Objects and lists inside one another, at most; deeper bodies are attacks or mistakes. */
export const MAX_DEPTH = 32;

const NUL = '\u0000';
const LONE_SURROGATE = /\p{Surrogate}/u;

const malformed = () => invalid('request.malformed-json', 'The body is not valid JSON.');

function refuse(path: string, code: string, detail: string): DomainError {
  return invalid('request.refused-json', 'The body holds content that is never accepted.', [
    { path, code, detail },
  ]);
}

function checkText(text: string, path: string): void {
  if (text.includes(NUL)) throw refuse(path, 'nul-character', 'NUL characters are not accepted.');
  if (LONE_SURROGATE.test(text)) throw refuse(path, 'lone-surrogate', 'The text is not valid Unicode.');
}

function checkKey(key: string, value: unknown, path: string): void {
  const poisoned =
    key === '__proto__' ||
    (key === 'constructor' &&
      value !== null &&
      typeof value === 'object' &&
      Object.hasOwn(value, 'prototype'));
  if (poisoned) throw refuse(path, 'forbidden-name', 'A field of this name is not accepted.');
}

function walk(value: unknown, path: string, depth: number, texts: boolean): void {
  if (typeof value === 'string') {
    if (texts) checkText(value, path);
    return;
  }
  if (value === null || typeof value !== 'object') return;
  if (depth >= MAX_DEPTH) throw refuse(path, 'too-deep', `Values may be nested ${MAX_DEPTH} deep at most.`);
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (texts) checkText(key, path);
    checkKey(key, item, path);
    if (typeof item === 'string' ? texts : typeof item === 'object') {
      walk(item, path ? `${path}.${key}` : key, depth + 1, texts);
    }
  }
}

/**
 * Parses a JSON body; an empty one gives undefined. Throws `request.malformed-json`, `request.bad-encoding` or
 * `request.refused-json` (prototype poisoning, depth, NUL characters, lone surrogates), all 400.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw invalid('request.bad-encoding', 'The body is not valid UTF-8.');
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed();
  }
  // In valid UTF-8 both refused kinds of character can only come as escapes, so most bodies skip the check of texts.
  walk(value, '', 0, text.includes('\\u'));
  return value;
}

function checkCharset(request: FastifyRequest): void {
  const charset = /charset\s*=\s*"?([^;"\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
  if (charset && !/^utf-?8$/i.test(charset)) {
    throw invalid('request.bad-encoding', 'JSON bodies are sent in UTF-8.');
  }
}

/** Makes Fastify read JSON (and only JSON) bodies by `parseJsonBody`. */
export function useJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'buffer' },
    (request, body, done) => {
      try {
        checkCharset(request);
        done(null, parseJsonBody(body as Buffer));
      } catch (error) {
        done(error as Error, undefined);
      }
    },
  );
}
