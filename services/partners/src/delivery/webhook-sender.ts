import { lookup } from 'node:dns';
import type { BlockList, LookupFunction } from 'node:net';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PLATFORM_CONFIG } from '@steward/platform';
import { Agent, type Dispatcher } from 'undici';
import type { PartnersConfig } from '../config.js';
import { addressFault, allowedNetworks, mayConnect } from './address.js';
import { retryAfter, type Answer } from './delivery.rules.js';

/** Bytes of an answer that are read; of them a partner sees the beginning in the attempts. */
const ANSWER_BYTES = 4096;
const SHOWN_CHARACTERS = 500;

/** The name was resolved to an address inside; the code stands in the attempt. */
class InsideError extends Error {
  readonly code = 'ADDRESS_INSIDE';
}

/** One request of a webhook. */
export type WebhookRequest = Readonly<{
  address: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}>;

/**
 * Sends webhooks. The name is resolved by the connection itself and every address that it stands for is checked before
 * one of them is connected to, so there is no moment in between at which it could become another. Redirects are answers.
 */
@Injectable()
export class WebhookSender implements OnApplicationShutdown {
  private readonly allowed: BlockList;
  private readonly agent: Agent;
  private readonly timeoutMs: number;

  constructor(@Inject(PLATFORM_CONFIG) { delivery }: Pick<PartnersConfig, 'delivery'>) {
    this.allowed = allowedNetworks(delivery.allowedInside);
    this.timeoutMs = delivery.timeoutMs;
    this.agent = new Agent({
      connections: delivery.concurrency,
      pipelining: 1,
      headersTimeout: delivery.timeoutMs,
      bodyTimeout: delivery.timeoutMs,
      keepAliveTimeout: 10_000,
      connect: { timeout: delivery.timeoutMs, lookup: this.lookup },
      maxResponseSize: 1 << 20,
    });
  }

  /** What is wrong with an address as it is written; null when nothing is. */
  faultOf(address: string): string | null {
    return addressFault(address, this.allowed);
  }

  /** Posts and gives what came of it; never throws. Takes no longer than the timeout. */
  async send({ address, headers, body }: WebhookRequest, timeoutMs = this.timeoutMs): Promise<Answer> {
    const began = performance.now();
    const done = (result: Omit<Answer, 'tookMs'>): Answer => ({
      ...result,
      tookMs: Math.round(performance.now() - began),
    });
    const fault = this.faultOf(address);
    if (fault) return done({ status: null, error: `address-${fault}`, retryAfterMs: null, answer: null });
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const url = new URL(address);
      const {
        statusCode,
        headers: answered,
        body: stream,
      } = await this.agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'POST',
        headers,
        body,
        signal,
      });
      const asked = answered['retry-after'];
      return done({
        status: statusCode,
        error: null,
        retryAfterMs: retryAfter(Array.isArray(asked) ? asked[0] : asked, Date.now()),
        answer: await beginningOf(stream).catch(() => null),
      });
    } catch (error) {
      const name = signal.aborted ? 'timeout' : errorName(error);
      return done({ status: null, error: name, retryAfterMs: null, answer: null });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  private readonly lookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const strange = addresses.find(({ address }) => !mayConnect(address, this.allowed));
      if (strange ?? addresses.length === 0)
        return callback(new InsideError('the name stands for an address inside'), '');
      if (options.all) return callback(null, addresses);
      return callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}

/** Reads what fits and gives up the rest; the connection is used again only when the answer was short. */
async function beginningOf(stream: Dispatcher.ResponseData['body']): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (bytes >= ANSWER_BYTES) break;
  }
  return Buffer.concat(parts).toString('utf8').replaceAll('\0', '').slice(0, SHOWN_CHARACTERS);
}

/** The code of a connection's or TLS error, or of what caused it. */
function errorName(error: unknown): string {
  for (let at = error; typeof at === 'object' && at !== null; at = (at as { cause?: unknown }).cause) {
    const { code, errors } = at as { code?: unknown; errors?: readonly unknown[] };
    if (typeof code === 'string') return code.toLowerCase().replaceAll('_', '-').slice(0, 80);
    if (Array.isArray(errors) && errors.length > 0) return errorName(errors[0]);
  }
  return 'failed';
}
