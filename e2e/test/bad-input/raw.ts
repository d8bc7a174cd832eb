import { connect } from 'node:net';
import type { Answer, BadRequest } from './bad-request.js';

export type RawRequest = Readonly<{ note: string; text: string; half: boolean }>;

const PATIENCE_MS = 20_000;

/** Broken HTTP around one sound request; `half` ends the sending side after it. */
export function rawRequests({ method, path, headers, body }: BadRequest): RawRequest[] {
  const json = body!.toString();
  const length = Buffer.byteLength(json);
  const own = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = (...more: string[]): string =>
    [`${method} ${path} HTTP/1.1`, 'host: x', 'connection: close', ...own, ...more, '', ''].join('\r\n');
  const rows: readonly (readonly [string, string, boolean?])[] = [
    ['a length too great', `${head(`content-length: ${length + 10}`)}${json}`, true],
    ['a length too small', `${head(`content-length: ${length - 1}`)}${json}`],
    ['a length that is none', `${head('content-length: abc')}${json}`],
    ['a negative length', `${head('content-length: -1')}${json}`],
    ['two lengths', `${head(`content-length: ${length}`, 'content-length: 3')}${json}`],
    ['length and chunks', `${head('content-length: 4', 'transfer-encoding: chunked')}0\r\n\r\n`],
    ['chunks that are none', `${head('transfer-encoding: chunked')}zz\r\n${json}\r\n0\r\n\r\n`],
    ['chunks that break off', `${head('transfer-encoding: chunked')}ff\r\n${json}`, true],
    ['an unknown transfer coding', `${head('transfer-encoding: zork')}${json}`],
    ['100-continue before bad JSON', `${head('expect: 100-continue', 'content-length: 1')}{`],
    ['another expectation', `${head('expect: more', 'content-length: 1')}{`],
    ['a control character in a field', `${head('x-odd: a\u0001b', `content-length: ${length}`)}${json}`],
    ['a field without a name', `${head(': x', `content-length: ${length}`)}${json}`],
    ['a folded field', `${head('x-odd: a\r\n b', `content-length: ${length - 1}`)}${json}`],
    ['a blank in the address', head('content-length: 0').replace(path, `${path} x`)],
    ['NUL in the address', head('content-length: 0').replace(path, `${path}\u0000`)],
    ['another version', head('content-length: 0').replace('HTTP/1.1', 'HTTP/9.9')],
  ];
  return rows.map(([note, text, half = false]) => ({ note, text, half }));
}

/** Sends bytes over a connection of their own; gives the first final answer. */
export function sendRaw(base: string, { text, half }: RawRequest): Promise<Answer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`silent for ${PATIENCE_MS} ms`)));
    socket.on('connect', () => (half ? socket.end(text) : socket.write(text)));
    socket.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    socket.on('end', () => socket.end());
    socket.on('error', (error) => (said === '' ? reject(error) : undefined));
    socket.on('close', () => resolve(answerIn(said)));
  });
}

function answerIn(said: string): Answer {
  const text = said.replace(/^HTTP\/1\.1 100 [^]*?\r\n\r\n/, '');
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [line = '', ...fields] = head.split('\r\n');
  const headers = Object.fromEntries(
    fields.map((field) => [field.split(':')[0]!.toLowerCase(), field.slice(field.indexOf(':') + 1).trim()]),
  );
  const body = rest.join('\r\n\r\n');
  const chunked = headers['transfer-encoding'] === 'chunked';
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(line)?.[1] ?? 0),
    headers,
    text: chunked ? whole(body) : body,
  };
}

/** A chunked body put together. */
function whole(body: string): string {
  const size = parseInt(body, 16);
  if (!size) return '';
  const start = body.indexOf('\r\n') + 2;
  const part = Buffer.from(body.slice(start)).subarray(0, size).toString('utf8');
  return part + whole(body.slice(start + part.length + 2));
}
