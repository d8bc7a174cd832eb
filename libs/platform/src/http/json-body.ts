import { UnsupportedMediaTypeException } from '@nestjs/common';
import { isUtf8 } from 'node:buffer';
import { invalid, type DomainError } from '@steward/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Objects and lists inside one another, at most; deeper bodies are attacks or mistakes. */
export const MAX_DEPTH = 32;

const NUL = '\u0000';
const BLANK = new Set([0x20, 0x09, 0x0a, 0x0d]);
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

// Most values of a body are plain, and cost neither a call nor a path.
function needsWalk(item: unknown, texts: boolean): boolean {
  if (typeof item === 'string') return texts;
  return typeof item === 'number' ? !Number.isFinite(item) : item !== null && typeof item === 'object';
}

/** Checks a parsed value; gives the number of field names in it. */
function walk(value: unknown, path: string, depth: number, texts: boolean): number {
  if (typeof value === 'string') {
    if (texts) checkText(value, path);
    return 0;
  }
  if (typeof value === 'number' && !Number.isFinite(value))
    throw refuse(path, 'not-finite', 'The number is out of range.');
  if (value === null || typeof value !== 'object') return 0;
  if (depth >= MAX_DEPTH) throw refuse(path, 'too-deep', `Values may be nested ${MAX_DEPTH} deep at most.`);
  let names = 0;
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (texts) checkText(key, path);
    checkKey(key, item, path);
    if (!needsWalk(item, texts)) continue;
    names += walk(item, path ? `${path}.${key}` : key, depth + 1, texts);
  }
  return names + (Array.isArray(value) ? 0 : Object.keys(value).length);
}

/**
 * Parses a JSON body; an empty one gives undefined. Throws `request.malformed-json`, `request.bad-encoding` or
 * `request.refused-json` (prototype poisoning, depth, repeated names, endless numbers, NUL characters, lone surrogates),
 * all 400.
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
  const names = walk(value, '', 0, text.includes('\\u'));
  // Of two values under one name this parser keeps the last; the sender meant both, and the next reader may keep the first.
  if (namesIn(text) !== names) throw refuse('', 'repeated-name', 'A field is given twice.');
  return value;
}

/** The number of field names in a valid JSON text. */
function namesIn(text: string): number {
  let count = 0;
  for (let start = text.indexOf('"'); start >= 0;) {
    let next = endOfText(text, start) + 1;
    while (BLANK.has(text.charCodeAt(next))) next++;
    if (text[next] === ':') count++;
    start = text.indexOf('"', next);
  }
  return count;
}

function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return end;
  }
}

// Packed bodies are not unpacked here, so that a small one cannot become a huge one; read as they are they mean nothing.
function checkEncoding(request: FastifyRequest): void {
  const coding = request.headers['content-encoding'];
  if (coding !== undefined && coding.trim().toLowerCase() !== 'identity')
    throw new UnsupportedMediaTypeException();
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
        checkEncoding(request);
        done(null, parseJsonBody(body as Buffer));
      } catch (error) {
        done(error as Error, undefined);
      }
    },
  );
}
