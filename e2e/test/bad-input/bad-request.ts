import { Agent, request as open } from 'node:http';

/** One request that must be refused; `note` says what is wrong with it. */
export type BadRequest = Readonly<{
  method: string;
  /** As it is sent: percent-encoded, with its query. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer | null;
  note: string;
}>;

export type Answer = Readonly<{
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
}>;

const LIMIT_MS = 30_000;
const SHOWN_BODY = 4000;

/** Sends requests over connections that are kept open, as many at once as `connections`. */
export class Sender {
  private readonly agent: Agent;

  constructor(connections: number) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  send(base: string, { method, path, headers, body }: Omit<BadRequest, 'note'>): Promise<Answer> {
    const { hostname, port } = new URL(base);
    return new Promise((resolve, reject) => {
      const sent = open({ hostname, port, method, path, headers, agent: this.agent, timeout: LIMIT_MS });
      sent.on('response', (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
        answer.on('error', reject);
      });
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${LIMIT_MS} ms`)));
      sent.on('error', reject);
      sent.end(body ?? undefined);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

const quoted = (words: string): string => `'${words.replaceAll("'", "'\\''")}'`;

/** A command line that sends the same request; the token is left to the reader. */
export function curlOf(base: string, { method, path, headers, body }: BadRequest): string {
  const fields = Object.entries(headers).map(([name, value]) => {
    const shown = name === 'authorization' && value.length > 100 ? 'Bearer $TOKEN' : value;
    return `-H ${shown.includes('$TOKEN') ? `"${name}: ${shown}"` : quoted(`${name}: ${shown}`)}`;
  });
  const parts = ['curl -s -i --path-as-is -X', method, ...fields, ...(body ? [bodyOf(body)] : [])];
  return [
    ...parts,
    quoted(
      `${base}${path.length > SHOWN_BODY ? `${path.slice(0, 200)}… (${path.length} characters)` : path}`,
    ),
  ].join(' ');
}

function bodyOf(body: Buffer): string {
  const text = body.toString('utf8');
  const plain = Buffer.from(text).equals(body) && !/[\u0000-\u001f]/.test(text);
  if (plain && body.length <= SHOWN_BODY) return `--data-binary ${quoted(text)}`;
  const head = body.subarray(0, SHOWN_BODY).toString('base64');
  const cut = body.length > SHOWN_BODY ? ` # the first ${SHOWN_BODY} of ${body.length} bytes\n` : '';
  return `${cut}--data-binary @<(echo ${head} | base64 -d)`;
}
