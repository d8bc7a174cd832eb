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

/** What a receiver does with a request: takes it, answers with another status, never answers, or answers 500 to what it took. */
export type Manner = 'takes' | 'takes and fails' | 'hangs' | number;

/** What a partner runs: takes webhooks, looks at their signature (Standard Webhooks), keeps what came. */
export class WebhookReceiver {
  readonly deliveries: Delivery[] = [];
  /** Requests that were turned away while the receiver was out of order. */
  turnedAway = 0;
  /** `whsec_…`: known once the subscription is made */
  secret = '';
  subscriptionId = '';
  outOfOrder = false;
  /** how the next request is dealt with, unless the receiver is out of order */
  manner: () => Manner = () => 'takes';

  private port = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server);
    server.on('request', (request, response) => {
      receiver.take(request).then(
        (status) => status !== undefined && response.writeHead(status).end(),
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

  /** Refuses connections until `comeBack`. */
  async goAway(): Promise<void> {
    this.port = (this.server.address() as AddressInfo).port;
    await this.close();
  }

  async comeBack(): Promise<void> {
    if (this.server.listening) return;
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  private async take(request: IncomingMessage): Promise<number | undefined> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (this.outOfOrder) {
      this.turnedAway += 1;
      return 503;
    }
    const manner = this.manner();
    if (manner === 'hangs') return undefined;
    if (typeof manner === 'number') return manner;
    const body = Buffer.concat(parts).toString();
    const header = (name: string): string => String(request.headers[`webhook-${name}`] ?? '');
    const signed = this.isSigned(`${header('id')}.${header('timestamp')}.${body}`, header('signature'));
    this.deliveries.push({ webhookId: header('id'), signed, event: JSON.parse(body) as ReceivedEvent });
    return manner === 'takes' ? 204 : 500;
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
