import type { Fault } from '@steward/platform';
import type { ServiceName } from '../routing/api-services.rules.js';
import { DeadlineError, hopFault, refusalFault } from './faults.js';
import type { Upstream, Upstreams } from './upstream.js';

/** What a service answered to a question of the gateway itself, or why it did not (in time). */
export type ServiceAnswer =
  Readonly<{ kind: 'answer'; status: number; body: unknown }> | Readonly<{ kind: 'none'; fault: Fault }>;

/** The gateway itself as a caller, who has no more places than any other. */
const OURSELVES = 'gateway';
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export type AskOptions = Readonly<{
  headers?: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** Whose place the question takes; the gateway's own if left out. */
  caller?: string;
  /** Nobody waits for the answer any more. */
  gone?: AbortSignal;
}>;

/** Reading questions that the gateway asks services in its own name, or with a caller's token. */
export class ServiceClient {
  constructor(private readonly upstreams: Upstreams) {}

  /** Asks for a JSON document, under the same limits and circuit as everybody; never throws. */
  async ask(service: ServiceName, path: string, options: AskOptions): Promise<ServiceAnswer> {
    const upstream = this.upstreams.get(service);
    const entrant = { caller: options.caller ?? OURSELVES, streamed: false };
    const passage = upstream.enter(entrant);
    if ('reason' in passage) return { kind: 'none', fault: refusalFault(service, passage) };
    try {
      const answer = await fetchJson(upstream, path, options);
      passage.succeeded();
      return answer;
    } catch (error) {
      if (options.gone?.aborted) passage.abandoned();
      else passage.failed();
      return { kind: 'none', fault: hopFault(service, error).fault };
    } finally {
      upstream.leave(entrant);
    }
  }

  /**
   * Asks beside limits and circuit, for looking after a service's health: such an answer must neither open the circuit
   * nor keep it closed while real requests fail. Never throws.
   */
  async look(service: ServiceName, path: string, options: AskOptions): Promise<ServiceAnswer> {
    return fetchJson(this.upstreams.get(service), path, options).catch((error: unknown) => ({
      kind: 'none',
      fault: hopFault(service, error).fault,
    }));
  }
}

async function fetchJson(upstream: Upstream, path: string, options: AskOptions): Promise<ServiceAnswer> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  try {
    const { statusCode, body } = await upstream.pool.request({
      path,
      method: 'GET',
      headers: { accept: 'application/json', ...options.headers },
      signal: options.gone ? AbortSignal.any([deadline, options.gone]) : deadline,
    });
    const chunks: Buffer[] = [];
    let total = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      total += chunk.length;
      if (total > MAX_ANSWER_BYTES) throw new Error('answer too large');
      chunks.push(chunk);
    }
    return { kind: 'answer', status: statusCode, body: parsed(Buffer.concat(chunks)) };
  } catch (error) {
    throw deadline.aborted ? new DeadlineError(false) : error;
  }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
