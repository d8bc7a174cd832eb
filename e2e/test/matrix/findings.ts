import { randomBytes, randomUUID } from 'node:crypto';
import { isBranchWide, SAMPLES } from './samples.js';
import type { Answer } from './sending.js';
import { hiddenFrom, nameOf, type Caller, type Finding, type Place, type World } from './world.js';
import type { Operation } from '../api-operations.js';

// what differs from request to request by its nature
const PASSING = /"(?:at|asOf|correlationId)":"[^"]*"|asOf=[^&"]*|"generation":\d+/g;
const PASSING_HEADERS = new Set([
  'date',
  'x-correlation-id',
  'connection',
  'keep-alive',
  'content-length',
  'etag',
]);

/** An answer without what differs from request to request, so that two can be compared. */
export function plain({ status, headers, text }: Answer, sent: readonly string[] = []): string {
  const kept = Object.entries(headers).filter(
    ([name]) => !PASSING_HEADERS.has(name) && !name.startsWith('ratelimit-'),
  );
  const hidden = [status, JSON.stringify(kept.sort()), text.replaceAll(PASSING, '')].join('\n');
  return sent
    .filter(Boolean)
    .reduce(
      (whole, value) => whole.replaceAll(value, '{sent}').replaceAll(encodeURIComponent(value), '{sent}'),
      hidden,
    );
}

export const isId = (text: string): boolean => /^[0-9a-f-]{36}$/.test(text);

/** A text of the same form that means nothing. */
export const alike = (text: string): string =>
  isId(text) ? randomUUID() : randomBytes(32).toString('hex').slice(0, text.length);

/** The cursors in a text, readable: they hold what the page ended with. */
const cursors = (text: string): string =>
  [...text.matchAll(/"next":"([^"]+)"/g)]
    .map(([, cursor]) => Buffer.from(cursor!, 'base64url').toString())
    .join(' ');

/** Which secrets of places that the caller must not know stand in an answer, but for those it sent itself. */
export function leaks(
  world: World,
  caller: Caller,
  answer: Answer,
  sent: string,
  known: readonly Place[] = [],
): string[] {
  const whole = `${JSON.stringify(answer.headers)}\n${answer.text}\n${cursors(answer.text)}`;
  // a name that both have may be the own record's, where records are shown
  const told = [...(answer.status < 300 ? world.shared : [])]
    .reduce((text, name) => text.replaceAll(new RegExp(`${name}(?![0-9])`, 'gi'), ''), whole)
    .toLowerCase();
  const own = sent.toLowerCase();
  const hidden = hiddenFrom(world, caller).filter((place) => !known.includes(place));
  return hidden.flatMap((place) =>
    [...place.secrets]
      .map((secret) => secret.toLowerCase())
      .filter((secret) => told.includes(secret) && !own.includes(secret))
      .map((secret) => `${secret} of ${place.name}`),
  );
}

export const found = (operation: Operation, what: string): Finding => `${nameOf(operation)}: ${what}`;

/** The finding that an answer tells a caller of what is hidden from it, if it does. */
export function leakFindings(
  world: World,
  operation: Operation,
  caller: Caller,
  answer: Answer,
  sent = '',
): Finding[] {
  const known = isBranchWide(SAMPLES, operation) ? [world.places.otherSite] : [];
  const told = leaks(world, caller, answer, sent, known);
  return told.length === 0 ? [] : [found(operation, `tells ${caller.login} ${told.slice(0, 3).join(', ')}`)];
}
