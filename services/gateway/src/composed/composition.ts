import type { FastifyRequest } from 'fastify';
import { clientKey } from '../door/admission.js';
import type { HopMetrics } from '../proxy/hop-metrics.js';
import { traceHeaders } from '../proxy/headers.js';
import type { ServiceAnswer, ServiceClient } from '../proxy/service-client.js';
import {
  addressOf,
  idsIn,
  listPart,
  recordPart,
  type ListPart,
  type RecordAnswer,
  type Source,
} from './part.js';

/** Records that a part shows at most; its `more` leads on. */
export const FIRST_PAGE = 20;

export type CompositionTools = Readonly<{
  client: ServiceClient;
  metrics: Pick<HopMetrics, 'passed'>;
  /** Until a part is given up; each has a time of its own. */
  partMs: number;
}>;

/**
 * One composed answer while it is made: asks services with the caller's own token, so that each of them decides what
 * the caller may see. Every part has its own deadline and fails for itself.
 */
export class Composition {
  private readonly gone = new AbortController();

  constructor(
    private readonly request: FastifyRequest,
    /** the family of the address, for measurements */
    private readonly route: string,
    private readonly tools: CompositionTools,
  ) {}

  async record(source: Source): Promise<RecordAnswer> {
    return recordPart(await this.ask(source, {}), { source, correlationId: this.request.id });
  }

  async list(source: Source, limit = FIRST_PAGE): Promise<ListPart> {
    const answer = await this.ask(source, { limit: String(limit) });
    return listPart(answer, { source, correlationId: this.request.id }, limit);
  }

  /** Several lists at once, by name. */
  async lists<Name extends string>(
    sources: Readonly<Record<Name, Source>>,
    limit = FIRST_PAGE,
  ): Promise<Record<Name, ListPart>> {
    const parts = (Object.entries(sources) as [Name, Source][]).map(
      async ([name, source]) => [name, await this.list(source, limit)] as const,
    );
    return Object.fromEntries(await Promise.all(parts)) as Record<Name, ListPart>;
  }

  /** The records that the items of another part name, in one question; what that part lacks is lacking here too. */
  async namedIn(part: ListPart, field: string, source: Source): Promise<ListPart> {
    if (part.state !== 'ok') return part;
    const ids = idsIn(part, field);
    if (ids.length === 0) return { state: 'ok', items: [], href: addressOf(source), more: null };
    return this.list({ ...source, query: { ...source.query, ids: ids.join(',') } });
  }

  /** Gives up what is still being asked: nobody waits for it. */
  stop(): void {
    this.gone.abort();
  }

  private async ask(source: Source, more: Readonly<Record<string, string>>): Promise<ServiceAnswer> {
    const { client, metrics, partMs } = this.tools;
    const { request, route } = this;
    const startedMs = performance.now();
    const answer = await client.ask(source.service, addressOf(source, more), {
      headers: {
        authorization: request.headers.authorization ?? '',
        'x-correlation-id': request.id,
        ...traceHeaders(request),
      },
      timeoutMs: partMs,
      caller: clientKey(request.caller!),
      gone: this.gone.signal,
    });
    const outcome =
      answer.kind === 'answer'
        ? { status: answer.status }
        : { status: answer.fault.status, code: answer.fault.code };
    const hop = { service: source.service, route, upload: false };
    metrics.passed(hop, outcome, performance.now() - startedMs);
    return answer;
  }
}
