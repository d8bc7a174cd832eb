import type { Entrant, Upstream, Upstreams } from './upstream.js';
import type { ServiceName } from '../routing/api-services.rules.js';

/** What a service answered to a question of the gateway itself, or that it did not (in time). */
export type ServiceAnswer =
  Readonly<{ kind: 'answer'; status: number; body: unknown }> | Readonly<{ kind: 'none' }>;

/** The gateway itself as a caller, who has no more places than any other. */
const OURSELVES: Entrant = { caller: 'gateway', streamed: false };
const NONE: ServiceAnswer = { kind: 'none' };
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export type AskOptions = Readonly<{ headers?: Readonly<Record<string, string>>; timeoutMs: number }>;

/** Reading questions that the gateway asks services in its own name, or with a caller's token. */
export class ServiceClient {
  constructor(private readonly upstreams: Upstreams) {}

  /** Asks for a JSON document, under the same limits and circuit as everybody; never throws. */
  async ask(service: ServiceName, path: string, options: AskOptions): Promise<ServiceAnswer> {
    const upstream = this.upstreams.get(service);
    const passage = upstream.enter(OURSELVES);
    if ('reason' in passage) return NONE;
    try {
      const answer = await fetchJson(upstream, path, options);
      passage.succeeded();
      return answer;
    } catch {
      passage.failed();
      return NONE;
    } finally {
      upstream.leave(OURSELVES);
    }
  }

  /**
   * Asks beside limits and circuit, for looking after a service's health: such an answer must neither open the circuit
   * nor keep it closed while real requests fail. Never throws.
   */
  async look(service: ServiceName, path: string, options: AskOptions): Promise<ServiceAnswer> {
    return fetchJson(this.upstreams.get(service), path, options).catch(() => NONE);
  }
}

async function fetchJson(upstream: Upstream, path: string, options: AskOptions): Promise<ServiceAnswer> {
  const { statusCode, body } = await upstream.pool.request({
    path,
    method: 'GET',
    headers: { accept: 'application/json', ...options.headers },
    signal: AbortSignal.timeout(options.timeoutMs),
  });
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    total += chunk.length;
    if (total > MAX_ANSWER_BYTES) throw new Error('answer too large');
    chunks.push(chunk);
  }
  return { kind: 'answer', status: statusCode, body: parsed(Buffer.concat(chunks)) };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
