import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { GatewayClient } from './gateway-client.js';

type Answer = Readonly<{ status: number; body?: unknown; headers?: Record<string, string> }>;

const servers: Server[] = [];
let asked: IncomingMessage[] = [];

/** A gateway that gives these answers one after the other. */
async function gatewayThatSays(...answers: Answer[]): Promise<GatewayClient> {
  asked = [];
  const server = createServer((request, response) => {
    asked.push(request);
    const { status, body, headers } = answers[asked.length - 1] ?? { status: 500 };
    response.writeHead(status, headers).end(body === undefined ? '' : JSON.stringify(body));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  servers.push(server);
  const { port } = server.address() as AddressInfo;
  const token = (fresh: boolean) => Promise.resolve(fresh ? 'new' : 'old');
  return new GatewayClient({ gateway: `http://127.0.0.1:${port}`, token });
}

const header = (name: string) => asked.map(({ headers }) => headers[name]);

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

describe('talking to the gateway', () => {
  it('reads a list page after page, in the largest pages', async () => {
    const api = await gatewayThatSays(
      { status: 200, body: { items: [1, 2], next: 'a b' } },
      { status: 200, body: { items: [3], next: null } },
    );
    const items: number[] = [];
    for await (const item of api.list<number>('/tickets', { source: 'x' })) items.push(item);
    expect(items).toEqual([1, 2, 3]);
    expect(asked.map(({ url }) => url)).toEqual([
      '/api/v1/tickets?source=x&limit=200',
      '/api/v1/tickets?source=x&limit=200&after=a+b',
    ]);
  });

  it('waits when it is told to, and repeats a command under the same key', async () => {
    const api = await gatewayThatSays(
      { status: 429, headers: { 'retry-after': '0' } },
      { status: 503, headers: { 'retry-after': '0' } },
      { status: 201, body: { id: 'x' } },
    );
    await expect(api.post('/units', { code: 'B' })).resolves.toEqual({ id: 'x' });
    expect(new Set(header('idempotency-key')).size).toBe(1);
    expect(asked).toHaveLength(3);
  });

  it('asks for a new token once when the old one is refused', async () => {
    const api = await gatewayThatSays({ status: 401 }, { status: 200, body: {} });
    await api.get('/me');
    expect(header('authorization')).toEqual(['Bearer old', 'Bearer new']);
    const refused = await gatewayThatSays({ status: 401 }, { status: 401, body: { code: 'auth.gone' } });
    await expect(refused.get('/me')).rejects.toThrow('401 auth.gone');
  });

  it('says what the platform said when it refuses', async () => {
    const errors = [{ path: 'code', detail: 'taken' }];
    const problem = { code: 'unit.code-taken', detail: 'There is one.', errors };
    const api = await gatewayThatSays({ status: 409, body: problem });
    await expect(api.post('/units', {})).rejects.toThrow(
      'POST /units answered 409 unit.code-taken: There is one. [{"path":"code","detail":"taken"}]',
    );
  });
});
