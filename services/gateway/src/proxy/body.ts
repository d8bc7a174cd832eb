import type { IncomingMessage } from 'node:http';
import { BodyTooLargeError } from './faults.js';

/** Whether the request announces a body. */
export function hasBody(message: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = message.headers;
  return encoding !== undefined || (length !== undefined && length !== '0');
}

/** The length that the client announced, or null when it streams without one. */
export function announcedLength(message: IncomingMessage): number | null {
  const length = message.headers['content-length'];
  return length === undefined ? null : Number(length);
}

/**
 * The body as it comes in, never held back as a whole. Throws `BodyTooLargeError` beyond `limit`. It leaves the
 * client's connection open when it is given up early, so that the answer still gets out.
 */
export async function* limitedBody(message: IncomingMessage, limit: number): AsyncGenerator<Buffer> {
  let total = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    total += (chunk as Buffer).length;
    if (total > limit) throw new BodyTooLargeError(limit);
    yield chunk as Buffer;
  }
}
