import type { FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';

/** Fields of one connection (RFC 9110 §7.6.1), and those whose meaning ends at the door. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-authentication-info',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
]);

/** Fields that only the door may tell to a service, and those that it sets anew. */
const OWN_TO_DOOR = new Set([
  'host',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-real-ip',
  'x-correlation-id',
  'traceparent',
  'tracestate',
]);

/** Fields of a service's answer that the door does not show, or always sets itself. */
const NOT_SHOWN = new Set([
  'server',
  'x-powered-by',
  'x-correlation-id',
  'strict-transport-security',
  'content-security-policy',
  'x-content-type-options',
  'x-frame-options',
  'referrer-policy',
  'permissions-policy',
  'cross-origin-resource-policy',
  'cross-origin-opener-policy',
  'x-xss-protection',
]);

type Headers = Record<string, string | string[]>;

function listedIn(connection: string | undefined): readonly string[] {
  if (!connection || connection.length < 11) {
    // `close`, `keep-alive`: by far the usual values, and already on the list.
    if (!connection || connection === 'close' || connection === 'keep-alive') return [];
  }
  return connection
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
}

/** What the door tells a service about the client. */
export type Forwarded = Readonly<{ for: string; host: string; proto: string; correlationId: string }>;

/**
 * The fields that are passed to a service: the client's without those of its connection (also those that `Connection`
 * names) and without claims about itself; `withBody` keeps the length.
 */
export function requestHeaders(
  incoming: IncomingHttpHeaders,
  forwarded: Forwarded,
  withBody: boolean,
): Headers {
  const named = listedIn(incoming.connection);
  const headers: Headers = {};
  for (const name in incoming) {
    const value = incoming[name];
    if (value === undefined || HOP_BY_HOP.has(name) || OWN_TO_DOOR.has(name)) continue;
    if (name === 'content-length' && !withBody) continue;
    if (named.length > 0 && named.includes(name)) continue;
    headers[name] = value;
  }
  headers['x-forwarded-for'] = forwarded.for;
  headers['x-forwarded-host'] = forwarded.host;
  headers['x-forwarded-proto'] = forwarded.proto;
  headers['x-correlation-id'] = forwarded.correlationId;
  return headers;
}

/** Puts a service's answer fields over those that the door has set already; gives the same object. */
export function answerHeaders(own: Record<string, unknown>, answer: IncomingHttpHeaders, origin: string) {
  const named = listedIn(answer.connection);
  for (const name in answer) {
    const value = answer[name];
    if (value === undefined || HOP_BY_HOP.has(name) || NOT_SHOWN.has(name)) continue;
    if (named.length > 0 && named.includes(name)) continue;
    own[name] = name === 'location' && typeof value === 'string' ? relative(value, origin) : value;
  }
  return own as Record<string, string | string[] | number>;
}

/** An address of the service itself, as the client can use it. */
function relative(location: string, origin: string): string {
  if (!location.startsWith(origin)) return location;
  const path = location.slice(origin.length);
  return path === '' ? '/' : path.startsWith('/') ? path : location;
}

/** The trace as the next service continues it. */
export function traceHeaders(request: FastifyRequest): Readonly<Record<string, string>> {
  const span = request.span?.spanContext();
  if (!span) return {};
  const flags = span.traceFlags.toString(16).padStart(2, '0');
  const tracestate = span.traceState?.serialize();
  return { traceparent: `00-${span.traceId}-${span.spanId}-${flags}`, ...(tracestate ? { tracestate } : {}) };
}
