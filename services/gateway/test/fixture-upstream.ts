import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from './listen.js';

export type Seen = Readonly<{ method: string; url: string; headers: IncomingHttpHeaders; body: string }>;

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A service of a few lines: it remembers what it was asked, and answers as it is told. */
export type FixtureUpstream = Readonly<{
  url: string;
  port: number;
  seen: Seen[];
  /** Answers requests whose path begins so in this way, until `reset`. */
  on(path: string, answer: Answer): void;
  reset(): void;
  close(): Promise<void>;
}>;

export const sendJson = (response: ServerResponse, status: number, body: unknown, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

export async function startFixtureUpstream(name: string, port = 0): Promise<FixtureUpstream> {
  const seen: Seen[] = [];
  const answers = new Map<string, Answer>();
  const echo: Answer = async (request, response) => {
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers, body: await text(request) });
    sendJson(
      response,
      200,
      { service: name, method, url },
      { 'x-powered-by': 'fixture', 'keep-alive': 'timeout=5' },
    );
  };
  const server = createServer((request, response) => {
    const told = [...answers].find(([path]) => request.url?.startsWith(path));
    // A request that is broken off is what some tests are about.
    Promise.resolve((told?.[1] ?? echo)(request, response)).catch(() => response.destroy());
  });
  const listening = await listen(server, port);
  return {
    ...listening,
    seen,
    on: (path, answer) => void answers.set(path, answer),
    reset: () => {
      answers.clear();
      seen.length = 0;
    },
  };
}
