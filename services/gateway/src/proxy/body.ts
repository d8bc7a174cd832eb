import type { IncomingMessage } from 'node:http';
import { BodyTooLargeError, DeadlineError } from './faults.js';

/** Bodies up to this size are taken in before a service is asked, so that a slow client occupies none of its places. */
export const TAKEN_IN_BYTES = 64 * 1024;

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

/** Reads a small body. Fails with `DeadlineError` when it does not come in time, or with the connection's error. */
export function takeIn(
  message: IncomingMessage,
  limitMs: number,
  done: (error: Error | null, body: Buffer) => void,
): void {
  const chunks: Buffer[] = [];
  let over = false;
  const end = (error: Error | null): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    done(error, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
  };
  const timer = setTimeout(() => end(new DeadlineError(true)), limitMs);
  message.on('data', (chunk: Buffer) => chunks.push(chunk));
  message.once('end', () => end(null));
  message.once('error', end);
}

/**
 * A large body as it comes in, never held back as a whole. Throws `BodyTooLargeError` beyond `limit`. It leaves the
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
