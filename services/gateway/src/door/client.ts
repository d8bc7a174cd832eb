import type { FastifyRequest } from 'fastify';

/** What is known of the other end of the connection. */
export type Client = Readonly<{
  address: string;
  forwardedFor: string;
  host: string;
  proto: 'http' | 'https';
}>;

const first = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/**
 * Reads who is at the other end. `X-Forwarded-*` count only as far as proxies of ours have written them: with two
 * trusted proxies the client is the second address from the right, whatever stands before it.
 */
export function clientOf(request: FastifyRequest, trustedProxies: number): Client {
  const { headers, socket } = request.raw;
  const peer = socket.remoteAddress ?? 'unknown';
  const host = headers.host ?? '';
  const encrypted = 'encrypted' in socket && socket.encrypted === true;
  if (trustedProxies === 0)
    return { address: peer, forwardedFor: peer, host, proto: encrypted ? 'https' : 'http' };
  const told = (first(headers['x-forwarded-for']) ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const chain = [...told, peer].slice(-(trustedProxies + 1));
  return {
    address: chain[0] ?? peer,
    forwardedFor: chain.join(', '),
    host: first(headers['x-forwarded-host']) ?? host,
    proto: first(headers['x-forwarded-proto']) === 'https' ? 'https' : 'http',
  };
}
