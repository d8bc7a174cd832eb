import { describe, expect, it } from '@jest/globals';
import { isDomainError } from '@steward/kernel';
import { MAX_DEPTH, parseJsonBody } from './json-body.js';

const parse = (text: string): unknown => parseJsonBody(Buffer.from(text));
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

function refusal(text: string | Buffer): { code: string; field?: string; path?: string } {
  try {
    parseJsonBody(typeof text === 'string' ? Buffer.from(text) : text);
  } catch (error) {
    if (isDomainError(error))
      return { code: error.code, field: error.fields?.[0]?.code, path: error.fields?.[0]?.path };
    throw error;
  }
  throw new Error('the body was accepted');
}

describe('parseJsonBody', () => {
  it('reads JSON, and an empty body as nothing', () => {
    expect(parse('{"a":[1,"中文 \\u4e2d",null]}')).toEqual({ a: [1, '中文 中', null] });
    expect(parse('')).toBeUndefined();
  });

  it.each(['{', '{"a":}', 'undefined', "{'a':1}", '{"a":1}x', '\u00ef\u00bb\u00bf'])(
    'refuses malformed JSON %j',
    (text) => {
      expect(refusal(text).code).toBe('request.malformed-json');
    },
  );

  it('refuses bytes that are not UTF-8', () => {
    expect(refusal(Buffer.from('{"a":"\xe9"}', 'latin1')).code).toBe('request.bad-encoding');
    expect(refusal(Buffer.from('{"a":1}', 'utf16le')).code).toBe('request.malformed-json');
  });

  it('refuses prototype poisoning at any depth and in any spelling', () => {
    expect(refusal('{"__proto__":{"admin":true}}').field).toBe('forbidden-name');
    expect(refusal('{"a":[{"__pr\\u006fto__":1}]}')).toMatchObject({ field: 'forbidden-name', path: 'a.0' });
    expect(refusal('{"constructor":{"prototype":{}}}').field).toBe('forbidden-name');
    expect(parse('{"constructor":"a firm"}')).toEqual({ constructor: 'a firm' });
  });

  it(`takes ${MAX_DEPTH} levels and no more`, () => {
    expect(parse(nested(MAX_DEPTH))).toBeDefined();
    expect(refusal(nested(MAX_DEPTH + 1)).field).toBe('too-deep');
    expect(refusal(nested(200_000)).field).toBe('too-deep');
  });

  it.each(['{"a":1,"a":1}', '{"x":[{"b":1,"b" :2}]}', '{"a":1,"\\u0061":2}', '{"\\\\":1,"\\\\":"\\"a\\":"}'])(
    'refuses a name that is given twice: %s',
    (text) => {
      expect(refusal(text)).toMatchObject({ code: 'request.refused-json', field: 'repeated-name' });
    },
  );

  it('takes names that only look alike', () => {
    const value = { a: { a: '"a":1' }, b: ['a', '"', '\\', '\\"', 'x:'], '"': 1, '': { '': 2 }, 'a\\': 3 };
    expect(parse(JSON.stringify(value, null, 2))).toEqual(value);
    expect(parse('{"a"\n:1 , "b"\t: "a" }')).toEqual({ a: 1, b: 'a' });
  });

  it('refuses numbers beyond what a number can be', () => {
    expect(refusal('{"a":[1e400]}')).toMatchObject({ field: 'not-finite', path: 'a.0' });
    expect(refusal('-1e999').field).toBe('not-finite');
    expect(parse('[1e308,-0,5e-324]')).toEqual([1e308, -0, 5e-324]);
  });

  it('refuses NUL characters and lone surrogates in values and names', () => {
    expect(refusal('{"a":{"b":"x\\u0000"}}')).toMatchObject({ field: 'nul-character', path: 'a.b' });
    expect(refusal('{"a\\u0000":1}').field).toBe('nul-character');
    expect(refusal('{"a":"\\ud83d"}').field).toBe('lone-surrogate');
    expect(refusal('{"a":"\\ude00\\ud83d"}').field).toBe('lone-surrogate');
    expect(parse('{"a":"\\ud83d\\ude00"}')).toEqual({ a: '😀' });
  });
});
