import type { IncomingMessage } from 'node:http';

const LIMIT_BYTES = 4096;

/** Reads a small url-encoded form; undefined when it is too large. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LIMIT_BYTES) chunks.push(chunk); // the rest is read and dropped, so that the answer can be sent
  }
  return size > LIMIT_BYTES ? undefined : new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
