import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One kept HTTP/1.1 connection, one request at a time, with as little work as possible: the load must not take the
 * processor from what is measured. Understands answers with a `content-length` only, as JSON answers have.
 */
export class HttpConnection {
  private received: Buffer = Buffer.alloc(0);
  private waiting: ((answer: Answer) => void) | undefined;
  private failed: ((error: Error) => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.failed?.(error));
    socket.on('close', () => this.failed?.(new Error('the connection was closed')));
  }

  static open(port: number): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new HttpConnection(socket)));
      socket.once('error', reject);
    });
  }

  /** Sends a whole request, head and body, and gives the answer. */
  send(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting = resolve;
      this.failed = reject;
      this.socket.write(request);
    });
  }

  close(): void {
    this.failed = undefined;
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const headEnd = this.received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.received.toString('latin1', 0, headEnd);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    const bodyStart = headEnd + HEAD_END.length;
    if (length === undefined) return this.failed?.(new Error(`an answer without a length: ${head}`));
    if (this.received.length < bodyStart + Number(length)) return;
    const status = Number(head.slice(9, 12));
    const body = this.received.subarray(bodyStart, bodyStart + Number(length));
    this.received = Buffer.alloc(0);
    this.waiting?.({ status, body });
  }
}

export type Answer = Readonly<{ status: number; body: Buffer }>;
