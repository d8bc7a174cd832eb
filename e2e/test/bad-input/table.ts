import { gzipSync } from 'node:zlib';
import type { BadRequest } from './bad-request.js';
import { SECRET } from './verdict.js';

type Change = Partial<Pick<BadRequest, 'path' | 'headers' | 'body'>>;
type Row = readonly [note: string, change: Change];

const bytes = (text: string): Buffer => Buffer.from(text);

/** The JSON object with one more field, written as it is. */
const withField = (json: string, field: string): Buffer =>
  bytes(json === '{}' ? `{${field}}` : `${json.slice(0, -1)},${field}}`);

/** The JSON object with its first field replaced by a value as it is written; an unknown field where there is none. */
function withFirst(json: string, value: string): Buffer {
  const [first] = Object.keys(JSON.parse(json) as object);
  if (first === undefined) return bytes(`{"x":${value}}`);
  const { [first]: _, ...rest } = JSON.parse(json) as Record<string, unknown>;
  return withField(JSON.stringify(rest), `${JSON.stringify(first)}:${value}`);
}

const LONG_TEXT = `"${'x'.repeat(2_000_000)}"`;
const MANY_ITEMS = `[${'0,'.repeat(99_999)}0]`;
const MANY_FIELDS = `{${Array.from({ length: 5000 }, (_, i) => `"k${i}":1`).join(',')}}`;
const BOMB = gzipSync(Buffer.alloc(50_000_000));

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

function bodies(json: string): Row[] {
  const [first = 'x'] = Object.keys(JSON.parse(json) as object);
  const texts: readonly (readonly [string, Buffer])[] = [
    ['empty body', Buffer.alloc(0)],
    ['truncated', bytes(json.slice(0, -1))],
    ['two documents', bytes(`${json}${json}`)],
    ['an array', bytes(`[${json}]`)],
    ['an empty array', bytes('[]')],
    ['a text', bytes(JSON.stringify(SECRET))],
    ['a number', bytes('1')],
    ['null', bytes('null')],
    ['true', bytes('true')],
    ['NaN', bytes('NaN')],
    ['comments', bytes(`/* ${SECRET} */${json}`)],
    ['single quotes', bytes(json.replaceAll('"', "'").replace('{}', "{'a':1}"))],
    ['an unknown field', withField(json, `"unknown":"${SECRET}"`)],
    ['a field twice', withField(withField(json, `"${first}":"a"`).toString(), `"${first}":"a"`)],
    ['__proto__', withField(json, '"__proto__":{"admin":true}')],
    ['constructor', withField(json, '"constructor":{"prototype":{"admin":true}}')],
    ['a name with NUL', withField(json, '"a\\u0000b":1')],
    ['latin1', Buffer.from(withFirst(json, '"caf\u00e9"').toString(), 'latin1')],
    ['not UTF-8', Buffer.concat([bytes('{"x":"'), Buffer.from([0xc3, 0x28, 0xff]), bytes('"}')])],
    [
      'a half character in bytes',
      Buffer.concat([bytes('{"x":"'), Buffer.from([0xed, 0xa0, 0x80]), bytes('"}')]),
    ],
    ['overlong bytes', Buffer.concat([bytes('{"x":"'), Buffer.from([0xc0, 0x80]), bytes('"}')])],
    ['UTF-16', Buffer.from(json, 'utf16le')],
    ['byte order mark', bytes(`\ufeff${json}`)],
    ['a half character', withFirst(json, '"\\ud800"')],
    ['NUL', withFirst(json, `"${SECRET}\\u0000"`)],
    ['10 000 deep', bytes(nested(10_000))],
    ['10 000 deep in a field', withFirst(json, nested(10_000))],
    ['a text of 2 MB', withFirst(json, LONG_TEXT)],
    ['100 000 items', withFirst(json, MANY_ITEMS)],
    ['5 000 unknown fields', bytes(MANY_FIELDS)],
    ['1e400', withFirst(json, '1e400')],
    ['-0', withFirst(json, '-0')],
    ['2^53 + 1', withFirst(json, '9007199254740993')],
    ['a number with letters', withFirst(json, '12.30abc')],
  ];
  return texts.map(([note, body]) => [note, { body }]);
}

function mediaTypes(json: string, headers: BadRequest['headers']): Row[] {
  const typed = (type: string | null): Change => {
    const { 'content-type': _, ...rest } = headers;
    return { body: bytes(json), headers: type === null ? rest : { ...rest, 'content-type': type } };
  };
  const packed = (coding: string, body: Buffer): Change => ({
    body,
    headers: { ...headers, 'content-encoding': coding },
  });
  return [
    ['text/plain', typed('text/plain')],
    ['XML', typed('application/xml')],
    ['a form', typed('application/x-www-form-urlencoded')],
    ['multipart', typed('multipart/form-data; boundary=x')],
    ['no media type', typed(null)],
    ['a broken media type', typed('application')],
    ['another JSON', typed('application/vnd.api+json')],
    ['charset utf-16', typed('application/json; charset=utf-16')],
    ['charset latin1', typed('application/json;charset="iso-8859-1"')],
    ['not gzip after all', packed('gzip', bytes(json))],
    ['gzip', packed('gzip', gzipSync(bytes(json)))],
    ['a gzip bomb', packed('gzip', BOMB)],
    ['an unknown coding', packed('zork', bytes(json))],
  ];
}

function fields(headers: BadRequest['headers']): Row[] {
  const having = (more: Readonly<Record<string, string>>): Change => ({ headers: { ...headers, ...more } });
  return [
    ['a key of 10 000 characters', having({ 'idempotency-key': 'k'.repeat(10_000) })],
    ['a key with a blank', having({ 'idempotency-key': 'a b' })],
    ['an empty key', having({ 'idempotency-key': '' })],
    ['a key of other letters', having({ 'idempotency-key': '\u00e9\u00e8' })],
    ['20 000 characters in a field', having({ 'x-long': 'x'.repeat(20_000) })],
  ];
}

const TAGS = ['"v99999999999999999999"', '*', 'W/"v1"', '"v1","v2"', 'v1', '""', '"x"', '"v-1"', '"v0x"'];

/** The table of bad bodies, media types and header fields for one sound request with a JSON body. */
export function tableOf(sound: BadRequest, takesVersion: boolean): BadRequest[] {
  const json = sound.body!.toString();
  const tags: Row[] = takesVersion
    ? TAGS.map((tag) => [`If-Match ${tag}`, { headers: { ...sound.headers, 'if-match': tag } }])
    : [];
  const rows = [...bodies(json), ...mediaTypes(json, sound.headers), ...fields(sound.headers), ...tags];
  return rows.map(([note, change]) => ({ ...sound, ...change, note }));
}

/** The table of bad addresses for one sound request whose path names a record. */
export function addressesOf(sound: BadRequest, id: string): BadRequest[] {
  const named = (text: string): string => sound.path.replace(id, text);
  const rows: readonly (readonly [string, string])[] = [
    ['not a UUID', named(SECRET)],
    ['an encoded slash', named(`${id}%2F..%2Fx`)],
    ['NUL', named(`${id}%00`)],
    ['a broken escape', named('%E0%A4%A')],
    ['a half character', named('%ED%A0%80')],
    ['10 000 characters', named('a'.repeat(10_000))],
    ['dot segments', named('..%2f..%2f')],
    ['SQL', named("'%20or%20'1'='1")],
    ['a negative number', named('-1')],
    ['NUL in the query', `${sound.path}${sound.path.includes('?') ? '&' : '?'}limit=%00`],
    ['a broken escape in the query', `${sound.path}${sound.path.includes('?') ? '&' : '?'}limit=%E0%A4%A`],
  ];
  return rows.map(([note, path]) => ({ ...sound, path, note }));
}

/** The table of bad queries for a list. */
export function queriesOf(sound: BadRequest): BadRequest[] {
  const base = sound.path.split('?')[0]!;
  const limits = [
    '0',
    '-1',
    '1e9',
    '201',
    'abc',
    '',
    '1.5',
    'NaN',
    'Infinity',
    '9007199254740993',
    '1&limit=2',
  ];
  const afters = [
    '',
    'x',
    'bnVsbA',
    'W10',
    'e30',
    'WyJhIiwiYiIsImMiXQ',
    '%00',
    'A'.repeat(5000),
    'a&after=b',
  ];
  const queries = [
    ...limits.map((text) => `limit=${text}`),
    ...afters.map((text) => `after=${text}`),
    ...[
      'sort=',
      'sort=id;drop',
      'sort=-',
      'unknown=1',
      'limit[]=1',
      '__proto__[x]=1',
      `x=${'y'.repeat(12_000)}`,
    ],
  ];
  return queries.map((query) => ({ ...sound, path: `${base}?${query}`, note: `?${query.slice(0, 40)}` }));
}
