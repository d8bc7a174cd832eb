import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '@steward/directory/testing';

/** One webhook as it came. */
export type Received = Readonly<{
  path: string;
  headers: IncomingMessage['headers'];
  id: string;
  text: string;
  body: Json;
  at: number;
}>;

/** What a receiver does with a webhook: a status, with headers; nothing at all is never answered. */
export type Reply =
  Readonly<{ status: number; headers?: Record<string, string>; text?: string }> | 'hang' | 'cut';

/** For tests: a partner's system, a real HTTP server that answers as it is told. */
export class Receiver {
  readonly received: Received[] = [];
  /** What it takes: answered with 2xx, in the order of the answers. */
  readonly taken: Received[] = [];
  reply: (webhook: Received) => Reply | Promise<Reply> = () => ({ status: 204 });
  /** Requests under way, and the most there ever were. */
  active = 0;
  most = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(path = '/hook'): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const receiver = new Receiver(server, `http://127.0.0.1:${port}${path}`);
    server.on('request', (request, response) => void receiver.take(request, response));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Ids of what was taken, of one record or of all. */
  ids(aggregateId?: string): string[] {
    return this.taken
      .filter(({ body }) => aggregateId === undefined || body['aggregateId'] === aggregateId)
      .map(({ id }) => id);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.most = Math.max(this.most, (this.active += 1));
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    const webhook: Received = {
      path: request.url ?? '',
      headers: request.headers,
      id: String(request.headers['webhook-id']),
      text,
      body: JSON.parse(text) as Json,
      at: Date.now(),
    };
    this.received.push(webhook);
    const reply = await this.reply(webhook);
    this.active -= 1;
    if (reply === 'hang') return;
    if (reply === 'cut') return void request.socket.destroy();
    if (reply.status < 300) this.taken.push(webhook);
    response.writeHead(reply.status, reply.headers).end(reply.text);
  }
}

/** Verifies as the Standard Webhooks libraries do: one of the signatures must be the secret's own. */
export function verifies(secret: string, { headers, text }: Received): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`;
  const own = createHmac('sha256', key).update(content).digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .some((one) => {
      const [version, value = ''] = one.split(',');
      const given = Buffer.from(value, 'base64');
      return version === 'v1' && given.length === own.length && timingSafeEqual(given, own);
    });
}
