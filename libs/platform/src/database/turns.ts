import { unavailable, type DomainError } from '@steward/kernel';

export type TurnLimits = Readonly<{
  /** Works that run at once: the size of the pool. */
  places: number;
  /** Works that may wait; one more is refused at once. */
  waiting: number;
  /** Milliseconds that one may wait. */
  waitMs: number;
}>;

type Waiter = { go: () => void; timer: NodeJS.Timeout };

const busy = (): DomainError =>
  unavailable('database.busy', 'The database cannot take the request now. Repeat it in a moment.', {
    retryAfterSeconds: 1,
  });

/**
 * Who may use a pool next. Everyone has a line of his own and the lines take turns, so that a burst of one waits for
 * itself and not others for it. Waiting is bounded in number, in time, and per line by what is left of it.
 */
export class Turns {
  private running = 0;
  private waiting = 0;
  /** In the order of their next turn. */
  private readonly lines = new Map<string, Waiter[]>();

  constructor(private readonly limits: TurnLimits) {}

  /** How many wait. */
  get length(): number {
    return this.waiting;
  }

  /** Waits for a turn, to be given back by `leave`. Throws `database.busy` (503) when it would take too long. */
  take(whose: string): Promise<void> | undefined {
    if (this.running < this.limits.places) {
      this.running += 1;
      return undefined;
    }
    const line = this.lines.get(whose) ?? [];
    if (line.length >= this.limits.waiting - this.waiting) return Promise.reject(busy());
    return new Promise<void>((go, refuse) => {
      const timer = setTimeout(() => {
        this.remove(whose, line, waiter);
        refuse(busy());
      }, this.limits.waitMs);
      const waiter = { go, timer };
      line.push(waiter);
      this.lines.set(whose, line);
      this.waiting += 1;
    });
  }

  /** Gives the place to the first of the line whose turn it is. */
  leave(): void {
    const next = this.lines.entries().next();
    if (next.done) {
      this.running -= 1;
      return;
    }
    const [whose, line] = next.value;
    const [waiter] = line;
    this.remove(whose, line, waiter!);
    if (this.lines.delete(whose)) this.lines.set(whose, line);
    clearTimeout(waiter!.timer);
    waiter!.go();
  }

  private remove(whose: string, line: Waiter[], waiter: Waiter): void {
    line.splice(line.indexOf(waiter), 1);
    this.waiting -= 1;
    if (line.length === 0) this.lines.delete(whose);
  }
}
