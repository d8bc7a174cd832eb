import { problemOf, type Fault, type Problem } from '@steward/platform';
import { badUpstream } from '../proxy/faults.js';
import type { ServiceAnswer } from '../proxy/service-client.js';
import { API_PREFIX } from '../routing/route-table.rules.js';
import type { ApiService } from '../routing/api-services.rules.js';

/** Where a part of a composed answer comes from: an address below `/api/v1` and its query. */
export type Source = Readonly<{
  service: ApiService;
  path: string;
  query?: Readonly<Record<string, string>>;
}>;

export type Json = Readonly<Record<string, unknown>>;

/** Why a part is not there: its service does not give it now, or not to a caller with these roles. */
export type Missing = Readonly<{ state: 'unavailable'; problem: Problem }> | Readonly<{ state: 'forbidden' }>;

export type RecordPart = Readonly<{ state: 'ok'; value: Json }> | Missing;

/** The first page of a list; `href` is the whole list, `more` its next page, null when this is all. */
export type ListPart =
  Readonly<{ state: 'ok'; items: readonly Json[]; href: string; more: string | null }> | Missing;

/** What a service answered for a part, with the status by which the whole is decided. */
export type RecordAnswer = Readonly<{ part: RecordPart; refusal: Fault | null }>;

type Asked = Readonly<{ source: Source; correlationId: string }>;

/** The address of a source, as a client of the gateway would ask for it too. */
export function addressOf({ path, query = {} }: Source, more: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries({ ...query, ...more }).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  return `${API_PREFIX}${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
}

const isObject = (value: unknown): value is Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The problem that a service answered with, if it is one. */
function ownFault(status: number, body: unknown): Fault | null {
  if (!isObject(body) || typeof body.code !== 'string' || typeof body.detail !== 'string') return null;
  return { status, code: body.code, detail: body.detail };
}

function unavailable({ source, correlationId }: Asked, fault: Fault): Missing {
  const problem = problemOf(fault, { path: `${API_PREFIX}${source.path}`, correlationId });
  return { state: 'unavailable', problem };
}

function missing(answer: ServiceAnswer, asked: Asked): Missing {
  if (answer.kind === 'none') return unavailable(asked, answer.fault);
  if (answer.status === 403) return { state: 'forbidden' };
  const own = answer.status >= 400 ? ownFault(answer.status, answer.body) : null;
  return unavailable(asked, own ?? badUpstream(asked.source.service));
}

/** A single record. `refusal` says that it is not there for the caller (404), or not for its roles (403). */
export function recordPart(answer: ServiceAnswer, asked: Asked): RecordAnswer {
  if (answer.kind === 'answer' && answer.status === 200 && isObject(answer.body))
    return { part: { state: 'ok', value: answer.body }, refusal: null };
  const refused = answer.kind === 'answer' && [403, 404].includes(answer.status);
  return { part: missing(answer, asked), refusal: refused ? ownFault(answer.status, answer.body) : null };
}

/** A first page of at most `limit` records. */
export function listPart(answer: ServiceAnswer, asked: Asked, limit: number): ListPart {
  const body = answer.kind === 'answer' && answer.status === 200 ? answer.body : null;
  if (!isObject(body) || !Array.isArray(body.items)) return missing(answer, asked);
  const { source } = asked;
  const { next } = body;
  const more = typeof next === 'string' ? addressOf(source, { limit: String(limit), after: next }) : null;
  return { state: 'ok', items: body.items as Json[], href: addressOf(source), more };
}

/** Different ids that the items of a list name in one of their fields, in their order. */
export function idsIn(part: ListPart, field: string): string[] {
  if (part.state !== 'ok') return [];
  return [...new Set(part.items.map((item) => item[field]).filter((id) => typeof id === 'string'))];
}
