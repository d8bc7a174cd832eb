import { invalid, unavailable } from '@steward/kernel';
import { DEFAULT_LIMIT, MAX_LIMIT } from '@steward/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceAnswer, ServiceClient } from '../proxy/service-client.js';
import { API_PREFIX, IMPORT_SERVICES } from '../routing/route-table.rules.js';
import {
  decodePositions,
  encodePositions,
  newestFirst,
  type Positions,
  type ServicePage,
} from './import-pages.rules.js';

type Query = Readonly<{ limit: number; filters: string; positions: Positions }>;

const NEWEST_FIRST = '-createdAt';

type Asked = Readonly<{ name: string; answer: ServiceAnswer }>;

/**
 * `GET /api/v1/imports` without a kind: the import jobs of all services in one list, newest first. A service that does
 * not answer is named in `missing`, and its part of the list is found again on the next page.
 */
export class ImportsList {
  constructor(
    private readonly client: ServiceClient,
    private readonly timeoutMs: number,
  ) {}

  answer(request: FastifyRequest, reply: FastifyReply): void {
    this.page(request).then(
      (page) => reply.send(page),
      (error: unknown) => reply.send(error),
    );
  }

  private async page(request: FastifyRequest) {
    const query = readQuery(request.query as Record<string, unknown>);
    const open = Object.entries(query.positions).filter(([, at]) => at !== null);
    const asked = await Promise.all(
      open.map(([name, at]) => this.ask(request, name, query, query.limit, at!)),
    );
    const pages: Record<string, ServicePage> = {};
    for (const { name, answer } of asked) {
      const page = pageOf(answer);
      if (page) pages[name] = page;
    }
    refuseIfNobodyAnswered(asked, pages);
    const { items, taken } = newestFirst(pages, query.limit);
    const positions = await this.positionsAfter(request, query, pages, taken);
    const done = Object.values(positions).every((at) => at === null);
    const missing = asked.map(({ name }) => name).filter((name) => !pages[name]);
    return {
      items,
      next: done ? null : encodePositions(positions),
      ...(missing.length > 0 ? { missing } : {}),
    };
  }

  private async positionsAfter(
    request: FastifyRequest,
    query: Query,
    pages: Readonly<Record<string, ServicePage>>,
    taken: Readonly<Record<string, number>>,
  ): Promise<Positions> {
    const entries = Object.entries(query.positions).map(async ([name, at]) => {
      const page = pages[name];
      const count = taken[name] ?? 0;
      if (at === null || !page || count === 0)
        return [name, page && count === page.items.length ? page.next : at] as const;
      if (count === page.items.length) return [name, page.next] as const;
      // Only the service knows its cursors: a shorter page ends where this list did.
      const shorter = pageOf((await this.ask(request, name, query, count, at)).answer);
      return [name, shorter ? shorter.next : at] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  private async ask(
    request: FastifyRequest,
    name: string,
    query: Query,
    limit: number,
    at: string,
  ): Promise<Asked> {
    const search = new URLSearchParams(query.filters);
    search.set('limit', String(limit));
    if (at !== '') search.set('after', at);
    const headers = { authorization: request.headers.authorization ?? '', 'x-correlation-id': request.id };
    const path = `${API_PREFIX}/imports?${search.toString()}`;
    const answer = await this.client.ask(name as (typeof IMPORT_SERVICES)[number], path, {
      headers,
      timeoutMs: this.timeoutMs,
    });
    return { name, answer };
  }
}

function readQuery(raw: Record<string, unknown>): Query {
  const { limit: limitText = String(DEFAULT_LIMIT), sort = NEWEST_FIRST, after, ...rest } = raw;
  const limit = typeof limitText === 'string' && /^\d{1,4}$/.test(limitText) ? Number(limitText) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw badQuery('limit', `from 1 to ${MAX_LIMIT}`);
  if (sort !== NEWEST_FIRST) throw badQuery('sort', `only ${NEWEST_FIRST}, unless one kind is asked for`);
  const filters = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) {
    for (const one of [value].flat()) filters.append(name, String(one));
  }
  return { limit, filters: filters.toString(), positions: readPositions(after) };
}

const badQuery = (path: string, detail: string) =>
  invalid('request.invalid-query', 'Some fields of the request are not as they must be.', [
    { path, code: 'not-allowed', detail },
  ]);

function readPositions(after: unknown): Positions {
  if (after === undefined) return Object.fromEntries(IMPORT_SERVICES.map((name) => [name, '']));
  const positions = typeof after === 'string' ? decodePositions(after, IMPORT_SERVICES) : undefined;
  if (!positions) throw invalid('list.bad-cursor', 'This is not a cursor that the list gave.');
  return positions;
}

function pageOf(answer: ServiceAnswer): ServicePage | undefined {
  if (answer.kind === 'none') return undefined;
  // Who may see no imports of one service may well see those of another.
  if (answer.status === 403 || answer.status === 404) return { items: [], next: null };
  if (answer.status !== 200) return undefined;
  const { items, next } = (answer.body ?? {}) as { items?: unknown; next?: unknown };
  if (!Array.isArray(items)) return undefined;
  return { items: items as ServicePage['items'], next: typeof next === 'string' ? next : null };
}

/** What all services refuse alike (a bad filter, no right) is refused; what none answers is unavailable. */
function refuseIfNobodyAnswered(asked: readonly Asked[], pages: Readonly<Record<string, ServicePage>>): void {
  if (asked.length === 0 || Object.keys(pages).length > 0) return;
  const statuses = asked.map(({ answer }) => (answer.kind === 'answer' ? answer.status : 503));
  if (statuses.every((status) => status >= 400 && status < 500)) {
    throw invalid('gateway.imports-refused', 'No service gives its imports to this request.', undefined, {
      statuses,
    });
  }
  throw unavailable('gateway.unavailable', 'The services that take imports do not answer now.');
}
