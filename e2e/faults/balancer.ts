import { connect, createServer, type Server, type Socket } from 'node:net';
import { setInterval as every } from 'node:timers';

type Copy = { port: number; takesPart: boolean; ready: boolean };

const HOST = '127.0.0.1';
const LOOK_MS = 500;
const ANSWER_MS = 1500;

/**
 * One address before the copies of a service, as a container platform gives it: each new connection goes to the next
 * copy that takes part and says that it is ready; connections stay where they are. Where none is ready, any will do.
 */
export class Balancer {
  private turn = 0;
  private readonly open = new Set<Socket>();
  private readonly looking: NodeJS.Timeout;

  private constructor(
    private readonly server: Server,
    private readonly copies: readonly Copy[],
  ) {
    this.looking = every(() => this.lookAtAll(), LOOK_MS);
    server.on('connection', (caller: Socket) => {
      this.keep(caller);
      this.pass(caller, this.candidates());
    });
  }

  static async start(port: number, copies: readonly number[]): Promise<Balancer> {
    const server = createServer({ pauseOnConnect: true, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, HOST, resolve);
    });
    return new Balancer(
      server,
      copies.map((at) => ({ port: at, takesPart: true, ready: true })),
    );
  }

  /** Whether new connections may go to the copy. */
  takePart(port: number, takesPart: boolean): void {
    const copy = this.copies.find((one) => one.port === port)!;
    copy.takesPart = takesPart;
    copy.ready = takesPart;
  }

  stop(): void {
    clearInterval(this.looking);
    this.server.close();
    for (const socket of this.open) socket.destroy();
  }

  private candidates(): number[] {
    const inTurn = this.copies.map((_, index) => this.copies[(this.turn + index) % this.copies.length]!);
    this.turn += 1;
    const good = inTurn.filter(({ takesPart, ready }) => takesPart && ready);
    return (good.length > 0 ? good : inTurn).map(({ port }) => port);
  }

  /** Joins the caller to the first copy that takes the connection. */
  private pass(caller: Socket, [port, ...others]: readonly number[]): void {
    if (port === undefined || caller.destroyed) return void caller.destroy();
    const copy = connect({ port, host: HOST, noDelay: true });
    const nextOne = () => this.pass(caller, others);
    copy.once('error', nextOne);
    copy.once('connect', () => {
      copy.off('error', nextOne);
      this.keep(copy);
      caller.pipe(copy);
      copy.pipe(caller);
      caller.once('close', () => copy.destroy());
      copy.once('close', () => caller.destroy());
    });
  }

  private keep(socket: Socket): void {
    this.open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.open.delete(socket));
  }

  private lookAtAll(): void {
    for (const copy of this.copies)
      if (copy.takesPart) void saysReady(copy.port).then((ready) => (copy.ready = ready));
  }
}

const saysReady = (port: number): Promise<boolean> =>
  fetch(`http://${HOST}:${port}/health/ready`, { signal: AbortSignal.timeout(ANSWER_MS) }).then(
    async (answer) => {
      await answer.body?.cancel();
      return answer.ok;
    },
    () => false,
  );
