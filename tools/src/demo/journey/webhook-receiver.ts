import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An event as a partner gets it. */
export type ReceivedEvent = Readonly<{
  id: string;
  type: string;
  aggregateId: string;
  sequence: number;
  data: Readonly<Record<string, unknown>>;
}>;

/** One request that the receiver answered with success. */
export type Delivery = Readonly<{ webhookId: string; signed: boolean; event: ReceivedEvent }>;

/** What a partner runs: takes webhooks, looks at their signature (Standard Webhooks), keeps what came. */
export class WebhookReceiver {
  readonly deliveries: Delivery[] = [];
  /** Requests that were turned away while the receiver was out of order. */
  turnedAway = 0;
  /** `whsec_…`: known once the subscription is made */
  secret = '';
  subscriptionId = '';
  outOfOrder = false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server);
    server.on('request', (request, response) => {
      receiver.take(request).then(
        (status) => response.writeHead(status).end(),
        () => response.writeHead(400).end(),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/steward`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close').catch(() => undefined);
  }

  private async take(request: IncomingMessage): Promise<number> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (this.outOfOrder) {
      this.turnedAway += 1;
      return 503;
    }
    const body = Buffer.concat(parts).toString();
    const header = (name: string): string => String(request.headers[`webhook-${name}`] ?? '');
    const signed = this.isSigned(`${header('id')}.${header('timestamp')}.${body}`, header('signature'));
    this.deliveries.push({ webhookId: header('id'), signed, event: JSON.parse(body) as ReceivedEvent });
    return 204;
  }

  private isSigned(content: string, signatures: string): boolean {
    const key = Buffer.from(this.secret.replace(/^whsec_/, ''), 'base64');
    const expected = createHmac('sha256', key).update(content).digest();
    return signatures
      .split(' ')
      .filter((one) => one.startsWith('v1,'))
      .map((one) => Buffer.from(one.slice(3), 'base64'))
      .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
  }
}
