import { eventually } from '@steward/testing';

export type Message = Readonly<{ event: string; data: unknown; id: string | undefined }>;

/** Reads a stream of server-sent events as a browser would. */
export type StreamReader = Readonly<{
  status: number;
  headers: Headers;
  messages: Message[];
  lastId(): string | undefined;
  ended(): boolean;
  /** Waits for a message of this name. */
  until(event: string): Promise<Message>;
  close(): void;
}>;

export async function readStream(url: string, headers: Record<string, string>): Promise<StreamReader> {
  const leaving = new AbortController();
  const response = await fetch(url, { headers, signal: leaving.signal });
  const messages: Message[] = [];
  let lastId: string | undefined;
  let ended = false;

  const take = (block: string): void => {
    const fields = new Map(
      block.split('\n').map((line) => [line.split(':')[0]!, line.replace(/^[^:]*: ?/, '')]),
    );
    lastId = fields.get('id') ?? lastId;
    const data = fields.get('data');
    if (data !== undefined)
      messages.push({ event: fields.get('event') ?? 'message', data: JSON.parse(data), id: lastId });
  };
  const read = async (): Promise<void> => {
    let rest = '';
    for await (const chunk of response.body!) {
      rest += Buffer.from(chunk as Uint8Array).toString();
      const blocks = rest.split('\n\n');
      rest = blocks.pop()!;
      blocks.forEach(take);
    }
  };
  if (response.ok) {
    read()
      .catch(() => undefined)
      .finally(() => (ended = true));
  }
  return {
    status: response.status,
    headers: response.headers,
    messages,
    lastId: () => lastId,
    ended: () => ended,
    until: (event) => eventually(() => messages.find((message) => message.event === event)),
    close: () => leaving.abort(),
  };
}
