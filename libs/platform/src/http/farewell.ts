import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';

/**
 * Takes no more connections, but goes on serving those that are open for `lingerMs` at most, each answer asking its
 * caller to come back on a new connection. Closed at once, a connection that a caller keeps would swallow the request
 * that is on its way. Resolves earlier when all are gone.
 */
export async function farewell(server: Server, lingerMs: number): Promise<void> {
  if (!server.listening || lingerMs === 0) return;
  server.prependListener('request', (_: unknown, response: ServerResponse) => {
    response.shouldKeepAlive = false;
  });
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, lingerMs);
    // an HTTP server's own close would end idle connections at once
    NetServer.prototype.close.call(server, () => resolve());
  });
  clearTimeout(timer);
}
