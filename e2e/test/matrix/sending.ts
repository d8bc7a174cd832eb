import { Agent, request } from 'node:http';

export type Sent = Readonly<{
  method: string;
  /** raw, as it stands in the request line */
  path: string;
  token?: string | undefined;
  headers?: Readonly<Record<string, string>>;
  body?: Readonly<{ contentType: string; content: string | Buffer }> | undefined;
}>;

export type Answer = Readonly<{ status: number; headers: Readonly<Record<string, string>>; text: string }>;

const agent = new Agent({ keepAlive: true, maxSockets: 16 });
const LIMIT_MS = 60_000;

/** Sends one request as it is, the path not made plain by any client; of a stream it takes the first words only. */
export async function send(base: string, sent: Sent): Promise<Answer> {
  const { hostname, port } = new URL(base);
  const headers: Record<string, string | number> = { accept: 'application/json', ...sent.headers };
  if (sent.token !== undefined) headers['authorization'] = `Bearer ${sent.token}`;
  if (sent.body) {
    headers['content-type'] = sent.body.contentType;
    headers['content-length'] = Buffer.byteLength(sent.body.content);
  }
  const { method, path } = sent;
  const answer = await new Promise<Answer>((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers, agent }, (incoming) => {
      const chunks: Buffer[] = [];
      const done = (): void => {
        const told = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
        const text = Buffer.concat(chunks).toString();
        resolve({ status: incoming.statusCode!, headers: Object.fromEntries(told), text });
      };
      const endless = String(incoming.headers['content-type']).startsWith('text/event-stream');
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (endless) {
          done();
          outgoing.destroy();
        }
      });
      incoming.once('end', done);
      incoming.once('error', reject);
    });
    outgoing.setTimeout(LIMIT_MS, () => outgoing.destroy(new Error(`${method} ${path}: no answer`)));
    outgoing.once('error', reject);
    outgoing.end(sent.body?.content);
  });
  if (answer.status === 429) throw new Error(`${method} ${path} was answered 429, which hides the result`);
  return answer;
}

/** What an answer says as JSON, or an empty object. */
export function jsonOf(answer: Answer): Record<string, unknown> {
  try {
    return JSON.parse(answer.text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Does the work for all items, a few at a time; gives the results in their order. */
export async function each<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  atOnce = 8,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
