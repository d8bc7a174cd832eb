import type { Operation } from '../api-operations.js';
import type { Answer } from './bad-request.js';

/** Stands in values that are sent, and must never come back. */
export const SECRET = 'Zq7kennwort';

/** Refusals that any address may give, told in the document or not: nothing there, another method, too long. */
const ANYWHERE = new Set([404, 405, 413, 414, 415, 417, 431]);

const LEAKS = new RegExp(
  [
    String.raw`\bat [\w.<>]+ \(|\bat (?:file|node):`,
    String.raw`node_modules|\.[jt]s:\d+`,
    String.raw`\b(?:select|insert into|update|delete from)\b[^.]*\b(?:from|values|set|where)\b`,
    String.raw`relation "|violates|invalid input syntax|syntax error|invalid byte sequence`,
    String.raw`Zod|TypeError|SyntaxError|RangeError|ECONN`,
  ].join('|'),
  'i',
);

const CODE = /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*$/;
const MAX_ANSWER = 64 * 1024;

type Problem = Readonly<Record<string, unknown>>;

function fieldComplaints(problem: Problem): string[] {
  const errors = problem['errors'];
  const named = typeof problem['code'] === 'string' && /^request\.invalid-/.test(problem['code']);
  if (!named && errors === undefined) return [];
  const good =
    Array.isArray(errors) &&
    errors.length > 0 &&
    (errors as Problem[]).every((error) =>
      ['path', 'code', 'detail'].every((name) => typeof error[name] === 'string'),
    );
  return good ? [] : ['no field errors with path, code and detail'];
}

function bodyComplaints({ status, headers, text }: Answer): string[] {
  let problem: Problem;
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    return ['the body is not JSON'];
  }
  const { instance: _, ...said } = problem;
  const shown = JSON.stringify(said);
  const complaints = fieldComplaints(problem);
  if (problem['status'] !== status) complaints.push('another status in the body');
  if (typeof problem['code'] !== 'string' || !CODE.test(problem['code'])) complaints.push('no code');
  if (typeof problem['title'] !== 'string' || typeof problem['detail'] !== 'string')
    complaints.push('no title or detail');
  const correlationId = headers['x-correlation-id'] ?? problem['correlationId'];
  if (!problem['correlationId'] || problem['correlationId'] !== correlationId)
    complaints.push('no correlation id');
  if (LEAKS.test(shown)) complaints.push(`tells of the inside: ${LEAKS.exec(shown)![0]}`);
  if (shown.includes(SECRET)) complaints.push('gives the input back');
  return complaints;
}

/** What is wrong with an answer to a bad request, compared with what the document says of the route; empty when all is right. */
export function complaintsOf(operation: Operation | null, answer: Answer): string[] {
  const { status, headers, text } = answer;
  if (status < 400 || status > 499) return [`status ${status}, not a refusal: ${text.slice(0, 300)}`];
  const documented = operation === null || operation.statuses.includes(status) || ANYWHERE.has(status);
  const complaints = documented ? [] : [`status ${status} is not in the document`];
  if (!String(headers['content-type']).startsWith('application/problem+json'))
    complaints.push(`content type ${String(headers['content-type'])}`);
  if (text.length > MAX_ANSWER) complaints.push(`an answer of ${text.length} characters`);
  const found = [...complaints, ...bodyComplaints(answer)];
  return found.length > 0 ? [...found, `${status} ${text.slice(0, 600)}`] : [];
}
