import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** How a request ended. `status` is 499 when the caller went away before the answer was out. */
export type RequestEnd = Readonly<{ status: number; ms: number; code: string | null }>;

type Listener = (request: FastifyRequest, end: RequestEnd) => void;

const CLIENT_CLOSED = 499;

function endOf(request: FastifyRequest, reply: FastifyReply): RequestEnd {
  const ms = reply.elapsedTime;
  return reply.raw.writableFinished
    ? { status: reply.statusCode, ms, code: request.problemCode }
    : { status: CLIENT_CLOSED, ms, code: request.problemCode ?? 'client-closed' };
}

/**
 * The requests that are being answered. Tells every end exactly once, also of requests whose caller went away, and
 * lets a stopping service wait for them.
 */
export class InFlight {
  private count = 0;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly fastify: FastifyInstance,
    listeners: readonly Listener[],
  ) {
    fastify.addHook('onRequest', (request, reply, done) => {
      this.count += 1;
      reply.raw.once('close', () => {
        const end = endOf(request, reply);
        for (const listener of listeners) listener(request, end);
        this.ended();
      });
      done();
    });
  }

  private ended(): void {
    this.count -= 1;
    if (this.count > 0) return;
    for (const wake of this.waiting.splice(0)) wake();
  }

  /**
   * Stops taking connections, waits until running requests are answered, at most `limitMs`, then closes what is left.
   * Gives the number of requests that were cut off.
   */
  async drain(limitMs: number): Promise<number> {
    const { server } = this.fastify;
    if (server.listening) server.close();
    if (this.count > 0) await this.idle(limitMs);
    const cut = this.count;
    server.closeIdleConnections();
    if (cut > 0) server.closeAllConnections();
    return cut;
  }

  private async idle(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
      this.waiting.push(resolve);
    });
    clearTimeout(timer);
  }
}
