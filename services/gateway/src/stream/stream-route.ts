import { forbidden, tooMany, unavailable } from '@steward/kernel';
import { publicAccess } from '@steward/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import { clientKey, type Hook } from '../door/admission.js';
import { API_PREFIX } from '../routing/route-table.rules.js';
import type { CallerGrants } from './caller-grants.js';
import type { Hub } from './hub.js';
import type { RightsWatch } from './rights-watch.js';
import { Subscriber, type Sink } from './subscriber.js';
import type { Audience } from './visibility.rules.js';

type Parts = Readonly<{
  admit: Hook;
  hub: Hub;
  grants: CallerGrants;
  watch: RightsWatch;
  limits: Readonly<{ maxStreams: number; maxPerClient: number }>;
}>;

/** A reader that has been told to go gets so long to take the last words. */
const FAREWELL_MS = 2000;

/** `GET /api/v1/stream`: references of events in the caller's scope, as they happen. */
export function useStreamRoute(fastify: FastifyInstance, parts: Parts): void {
  const opening = new Map<string, number>();
  const config = { access: publicAccess };
  // A HEAD would take a stream's place and never be answered: nothing is written before the first event.
  const options = { config, onRequest: parts.admit, exposeHeadRoute: false };
  fastify.get(`${API_PREFIX}/stream`, options, async (request, reply) => {
    const key = clientKey(request.caller!);
    const count = opening.get(key) ?? 0;
    if (count >= parts.limits.maxPerClient) {
      throw tooMany('gateway.too-many-streams', `One client may hold ${parts.limits.maxPerClient} streams.`);
    }
    if (parts.hub.size >= parts.limits.maxStreams) {
      throw unavailable('gateway.overloaded', 'No more streams can be opened now.', { retryAfterSeconds: 5 });
    }
    opening.set(key, count + 1);
    const release = (): void => {
      const left = (opening.get(key) ?? 1) - 1;
      if (left > 0) opening.set(key, left);
      else opening.delete(key);
    };
    reply.raw.once('close', release);
    // Events that pass while the rights are being asked are not lost.
    const from = parts.hub.position;
    const audience = await rightsOf(request, parts.grants);
    if (!reply.raw.destroyed) open(request, reply, parts, audience, from);
    return reply;
  });
}

async function rightsOf(request: FastifyRequest, grants: CallerGrants): Promise<Audience> {
  const rights = await grants.of(request.headers.authorization!, request.id);
  if (rights.kind === 'unknown') {
    throw unavailable('gateway.unavailable', 'Your rights cannot be found out now.', {
      retryAfterSeconds: 3,
    });
  }
  if (rights.kind === 'refused' || !rights.audience.staff) {
    throw forbidden('access.role-missing', 'None of your roles gives a stream of events.');
  }
  return rights.audience;
}

function open(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: Parts,
  audience: Audience,
  from: number,
): void {
  const { hub, watch } = parts;
  const { raw } = reply;
  const headers = reply.getHeaders() as Record<string, string>;
  reply.hijack();
  raw.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  });
  const leave = (): void => {
    hub.leave(subscriber);
    watch.remove(subscriber);
  };
  const subscriber = new Subscriber(request.caller!.subject, audience, sinkOf(raw), leave);
  raw.on('drain', () => subscriber.drained());
  raw.once('close', () => subscriber.close());
  watch.add(subscriber, request.headers.authorization!, request.id);
  const last = request.headers['last-event-id'];
  hub.join(subscriber, from, typeof last === 'string' && last !== '' ? last : undefined);
}

const sinkOf = (raw: ServerResponse): Sink => ({
  write: (text) => raw.destroyed || raw.write(text),
  end: (text) => {
    if (raw.destroyed || raw.writableEnded) return;
    raw.end(text === '' ? undefined : text);
    const timer = setTimeout(() => raw.destroy(), FAREWELL_MS);
    raw.once('close', () => clearTimeout(timer));
  },
});
