export type CircuitState = 'closed' | 'open' | 'half-open';

export type CircuitOptions = Readonly<{
  /** Failures in a row that open the circuit. */
  failures: number;
  /** Milliseconds that it stays open before one request may try again. */
  openMs: number;
}>;

/** The right to send one request; exactly one of its three methods is to be called, once. */
export type Passage = Readonly<{ succeeded(): void; failed(): void; abandoned(): void }>;

/**
 * Keeps requests away from an upstream that does not answer. Opens after so many failures in a row; after a pause one
 * request at a time probes it, and one success closes it again. Answers of requests that set out before the circuit
 * changed no longer count.
 */
export class Circuit {
  private consecutive = 0;
  private openedAtMs: number | null = null;
  private probing = false;
  private epoch = 0;

  constructor(
    private readonly options: CircuitOptions,
    private readonly nowMs: () => number,
  ) {}

  get state(): CircuitState {
    if (this.openedAtMs === null) return 'closed';
    return this.probing || this.remainingMs() <= 0 ? 'half-open' : 'open';
  }

  /** Milliseconds until a request may try again, 0 when one may now. */
  remainingMs(): number {
    if (this.openedAtMs === null) return 0;
    return Math.max(0, this.openedAtMs + this.options.openMs - this.nowMs());
  }

  /** Gives the passage of one request, or null when it must not be sent. */
  enter(): Passage | null {
    if (this.openedAtMs === null) return this.passage(false);
    if (this.probing || this.remainingMs() > 0) return null;
    this.probing = true;
    return this.passage(true);
  }

  private passage(probe: boolean): Passage {
    const epoch = this.epoch;
    const settle = (verdict: () => void) => () => {
      if (epoch === this.epoch) verdict();
    };
    return {
      succeeded: settle(() => (probe ? this.change(null) : (this.consecutive = 0))),
      failed: settle(() => this.count(probe)),
      abandoned: settle(() => {
        if (probe) this.probing = false;
      }),
    };
  }

  private count(probe: boolean): void {
    this.consecutive += 1;
    if (probe || this.consecutive >= this.options.failures) this.change(this.nowMs());
  }

  private change(openedAtMs: number | null): void {
    this.openedAtMs = openedAtMs;
    this.consecutive = 0;
    this.probing = false;
    this.epoch += 1;
  }
}
