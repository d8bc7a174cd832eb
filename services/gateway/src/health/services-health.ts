import { publicAccess, type Check } from '@steward/platform';
import type { FastifyInstance } from 'fastify';
import type { ServiceClient } from '../proxy/service-client.js';
import type { Upstream, UpstreamState, Upstreams } from '../proxy/upstream.js';
import type { ReferenceSource } from '../stream/reference.js';

export type ServiceState = UpstreamState & Readonly<{ ready: boolean; status: string }>;

export type ServicesReport = Readonly<{
  status: 'ready' | 'degraded';
  services: Readonly<Record<string, ServiceState>>;
  stream: Check & Readonly<{ open: number }>;
}>;

const ASK_TIMEOUT_MS = 2000;
const FRESH_MS = 500;

type Parts = Readonly<{
  upstreams: Upstreams;
  client: ServiceClient;
  source: ReferenceSource;
  openStreams: () => number;
}>;

/** `/health/services`: what stands behind the door. The gateway itself is ready without any of it. */
export function useServicesHealth(fastify: FastifyInstance, parts: Parts): void {
  let remembered: Readonly<{ report: Promise<ServicesReport>; untilMs: number }> | null = null;
  fastify.get('/health/services', { config: { access: publicAccess } }, async () => {
    const nowMs = performance.now();
    if (!remembered || remembered.untilMs < nowMs)
      remembered = { report: report(parts), untilMs: nowMs + FRESH_MS };
    return remembered.report;
  });
}

async function report({ upstreams, client, source, openStreams }: Parts): Promise<ServicesReport> {
  const states = await Promise.all(upstreams.all().map((upstream) => stateOf(upstream, client)));
  const services = Object.fromEntries(
    upstreams.all().map((upstream, index) => [upstream.name, states[index]!]),
  );
  const stream = { ...source.health(), open: openStreams() };
  const good = stream.ok && states.every((state) => state.ready && state.circuit === 'closed');
  return { status: good ? 'ready' : 'degraded', services, stream };
}

async function stateOf(upstream: Upstream, client: ServiceClient): Promise<ServiceState> {
  const answer = await client.look(upstream.name, '/health/ready', { timeoutMs: ASK_TIMEOUT_MS });
  const ready = answer.kind === 'answer' && answer.status === 200;
  const told =
    answer.kind === 'answer' ? (answer.body as { status?: unknown } | undefined)?.status : undefined;
  const status =
    answer.kind === 'none' ? 'unreachable' : typeof told === 'string' ? told : ready ? 'ready' : 'not-ready';
  return { ...upstream.state(), ready, status };
}
