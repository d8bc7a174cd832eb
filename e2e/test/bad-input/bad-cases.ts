import fc from 'fast-check';
import { exampleOf, type Operation, type Parameter, type Schema } from '../api-operations.js';
import type { BadRequest } from './bad-request.js';
import { badValues, spoilt } from './mutations.js';
import { fits, holdsRefused, textFits } from './schema-check.js';
import { soundValue } from './values.js';
import { SECRET } from './verdict.js';

/** What bad requests to an operation are made from. */
export type Target = Readonly<{ operation: Operation; token: string; idFor: (parameter: string) => string }>;

type Cases = fc.Arbitrary<BadRequest>;
type Weighted = { weight: number; arbitrary: Cases };

const LATIN = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
const JSON_TYPE = 'application/json';

// A half character has no percent-encoding; these are the bytes that would be it.
const encoded = (text: string): string =>
  encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd')).replaceAll('%EF%BF%BD', '%ED%A0%80');

/** The operation's path with ids of records that are there, but for those given. */
function pathWith({ operation, idFor }: Target, given: Readonly<Record<string, string>> = {}): string {
  return operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => given[name] ?? encoded(idFor(name)));
}

/** A sound request to the operation: the example of its body, ids that are there, whatever its query must hold. */
export function soundRequest(target: Target): BadRequest {
  const { operation, token } = target;
  const needed = operation.parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
  const query = needed.map(({ name, schema }) => `${name}=${encoded(String(exampleOf(schema)))}`).join('&');
  const json = operation.body?.contentType === JSON_TYPE;
  return {
    method: operation.method.toUpperCase(),
    path: pathWith(target) + (query && `?${query}`),
    headers: { authorization: `Bearer ${token}`, ...(json ? { 'content-type': JSON_TYPE } : {}) },
    body: json ? Buffer.from(JSON.stringify(exampleOf(operation.body.schema))) : null,
    note: 'sound',
  };
}

function badBodies(target: Target, sound: BadRequest): Weighted[] {
  const { body } = target.operation;
  if (body?.contentType !== JSON_TYPE) return [];
  const { schema } = body;
  const arbitrary = spoilt(soundValue(schema), schema)
    .map((value) => JSON.stringify(value))
    .filter((text) => {
      const value: unknown = JSON.parse(text);
      return holdsRefused(value) || !fits(schema, value);
    })
    .map((text) => ({ ...sound, body: Buffer.from(text), note: 'body' }));
  return [{ weight: 8, arbitrary }];
}

const inQuery = (path: string, name: string, texts: readonly string[]): string =>
  texts.reduce((grown, text) => `${grown}${grown.includes('?') ? '&' : '?'}${name}=${encoded(text)}`, path);

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A text that a parameter's schema refuses. */
function badText({ schema }: Parameter): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(500), fc.string({ unit: 'binary', maxLength: 300 }))
    .map(([choice, noise]) => {
      const bad = badValues(schema, null, noise);
      return asText(bad[choice % bad.length]);
    })
    .filter((text) => text.length < 3000 && (holdsRefused(text) || !textFits(schema, text)));
}

const cursorOf = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const CURSORS: readonly string[] = [
  ...['', 'x', SECRET, 'null', 'MTIz', '%%%', '='.repeat(50), 'A'.repeat(1990)],
  ...[null, [], {}, ['a', 'b', 'c'], { offset: -1 }, { tickets: 1 }, [[[]]], 'x', 7].map(cursorOf),
];

function badQueries({ operation }: Target, sound: BadRequest): Weighted[] {
  const known = operation.parameters.filter((parameter) => parameter.in === 'query');
  if (known.length === 0) return [];
  const bare = (name: string): BadRequest =>
    new RegExp(`[?&]${name}=`).test(sound.path) ? { ...sound, path: sound.path.split('?')[0]! } : sound;
  const one = fc.constantFrom(...known).chain((parameter) =>
    badText(parameter).map((text) => {
      const { path } = bare(parameter.name);
      return { ...sound, path: inQuery(path, parameter.name, [text]), note: `query ${parameter.name}` };
    }),
  );
  const twice = fc.constantFrom(...known).map(({ name, schema }) => {
    const text = String(exampleOf(schema));
    return { ...sound, path: inQuery(bare(name).path, name, [text, text]), note: `query ${name} twice` };
  });
  const unknown = fc
    .constantFrom('x', 'Limit', 'limit[]', '__proto__', 'constructor', '$where', '')
    .map((name): BadRequest => ({
      ...sound,
      path: inQuery(sound.path, encoded(name), ['1']),
      note: 'unknown in the query',
    }));
  const after = fc.constantFrom(...CURSORS).map((cursor): BadRequest => ({
    ...sound,
    path: inQuery(sound.path, 'after', [cursor]),
    note: 'cursor',
  }));
  return [
    { weight: 6, arbitrary: one },
    { weight: 1, arbitrary: twice },
    { weight: 1, arbitrary: unknown },
    ...(known.some(({ name }) => name === 'after') ? [{ weight: 1, arbitrary: after }] : []),
  ];
}

function badPaths(target: Target, sound: BadRequest): Weighted[] {
  const known = target.operation.parameters.filter((parameter) => parameter.in === 'path');
  if (known.length === 0) return [];
  const [, query] = sound.path.split('?');
  const withId = (name: string, text: string): string =>
    pathWith(target, { [name]: text }) + (query === undefined ? '' : `?${query}`);
  const one = fc.constantFrom(...known).chain((parameter) => {
    // The id of an import is a text that only this one import has.
    const open = parameter.schema['format'] === undefined;
    const pool = open
      ? badText({ ...parameter, schema: { type: 'string', format: 'uuid' } })
      : badText(parameter);
    return pool
      .filter((text) => text !== '' && text !== '.' && text !== '..')
      .map((text) => ({
        ...sound,
        path: withId(parameter.name, encoded(text)),
        note: `path ${parameter.name}`,
      }));
  });
  const record = known.at(-1)!;
  const nothing = fc
    .uuid({ version: 4 })
    .map((id): BadRequest => ({ ...sound, path: withId(record.name, id), note: 'no such record' }));
  // A list below a record that is not there may well be empty.
  const single = target.operation.path.endsWith(`{${record.name}}`) || sound.method !== 'GET';
  return [{ weight: 3, arbitrary: one }, ...(single ? [{ weight: 2, arbitrary: nothing }] : [])];
}

/** Headers that the document gives a pattern, broken. */
function badHeaders({ operation }: Target, sound: BadRequest): Weighted[] {
  const known = operation.parameters.filter(
    (parameter) => parameter.in === 'header' && parameter.schema['pattern'] !== undefined,
  );
  if (known.length === 0) return [];
  const more: Readonly<Record<string, readonly string[]>> = {
    'If-Match': ['"v99999999999999999999"', '*', 'W/"v1"', '"v1", "v2"', 'v1', '"v-1"', '"v01"', '"x"', '""'],
    'Idempotency-Key': ['a b', 'x'.repeat(201), 'x'.repeat(9000), '\u00e9', '"'.repeat(203)],
  };
  const arbitrary = fc.constantFrom(...known).chain((parameter) => {
    const { name, schema } = parameter;
    const named = fc.constantFrom(...(more[name] ?? [SECRET]));
    return fc
      .oneof(named, badText(parameter))
      .filter((text) => LATIN.test(text) && !textFits(schema, unquoted(name, text)) && text.length < 10_000)
      .map((text) => ({ ...sound, headers: { ...sound.headers, [name.toLowerCase()]: text }, note: name }));
  });
  return [{ weight: 2, arbitrary }];
}

// Blanks around a field are no part of it, and a key may come quoted.
const unquoted = (name: string, text: string): string =>
  name === 'Idempotency-Key' ? text.trim().replace(/^"(.*)"$/, '$1') : text.trim();

function badTokens({ operation }: Target, sound: BadRequest): Weighted[] {
  if (operation.access === 'public') return [];
  const words = ['', 'Bearer', 'Bearer x', 'Bearer ..', `Bearer ${SECRET}.a.b`, 'Basic YTpi', 'bearer a b'];
  const arbitrary = fc.constantFrom(...words).map((authorization): BadRequest => ({
    ...sound,
    headers: { ...sound.headers, authorization },
    note: 'token',
  }));
  return [{ weight: 1, arbitrary }];
}

/** Another method than any that the address takes. */
function badMethods({ operation }: Target, sound: BadRequest): Weighted[] {
  const method = operation.method === 'get' ? 'DELETE' : 'PUT';
  const { 'content-type': _, ...headers } = sound.headers;
  return [{ weight: 1, arbitrary: fc.constant({ ...sound, method, headers, body: null, note: 'method' }) }];
}

/** A version that the record never had, where versions must be named. */
function staleVersions({ operation }: Target, sound: BadRequest): Weighted[] {
  if (!['put', 'patch', 'delete'].includes(operation.method)) return [];
  const arbitrary = fc.constantFrom('"v0"', '"v999999"', 'W/"v1"', null).map((tag): BadRequest => ({
    ...sound,
    headers: { ...sound.headers, ...(tag === null ? {} : { 'if-match': tag }) },
    note: 'version',
  }));
  return [{ weight: 2, arbitrary }];
}

/** Requests to an operation that are bad by construction: the schema refuses them, or nothing is there to be changed. */
export function badCases(target: Target): Cases {
  const sound = soundRequest(target);
  const makers = [badBodies, badQueries, badPaths, badHeaders, badTokens, badMethods, staleVersions];
  const kinds = makers.flatMap((make) => make(target, sound));
  return kinds.length === 1 ? kinds[0]!.arbitrary : fc.oneof(...kinds);
}

/** The schema of an operation's JSON body, or null. */
export const bodySchema = ({ body }: Operation): Schema | null =>
  body?.contentType === JSON_TYPE ? body.schema : null;
