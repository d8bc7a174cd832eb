import { request } from 'node:http';

/** A stream of events as a client hears it. */
export type Listening = Readonly<{
  heard: () => string;
  lastId: () => string | undefined;
  close: () => void;
}>;

/** Opens a stream; resolves when it has begun. */
export function listen(url: string, token: string, lastEventId?: string): Promise<Listening> {
  const headers = {
    accept: 'text/event-stream',
    authorization: `Bearer ${token}`,
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { headers }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      incoming.on('error', () => undefined);
      if (incoming.statusCode !== 200) reject(new Error(`the stream was answered ${incoming.statusCode}`));
      const ids = (): string[] => [...text.matchAll(/^id: ?(.*)$/gm)].map(([, id]) => id!);
      resolve({ heard: () => text, lastId: () => ids().at(-1), close: () => outgoing.destroy() });
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}
