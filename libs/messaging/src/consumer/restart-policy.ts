import { backOff } from '../back-off.js';

const WINDOW_MS = 10 * 60_000;
const MOST = 5;

/**
 * When a dead consumer is started again. While brokers are away it is tried without end; a failure that a repeat is
 * unlikely to cure is given five restarts in ten minutes, then the process is told.
 */
export class RestartPolicy {
  private failures = 0;
  private lasting: number[] = [];

  /** Milliseconds to wait before the next start, or undefined when it is hopeless. */
  next(lasting: boolean, now = Date.now()): number | undefined {
    this.failures += 1;
    if (lasting) {
      this.lasting = [...this.lasting.filter((at) => now - at < WINDOW_MS), now];
      if (this.lasting.length > MOST) return undefined;
    }
    return backOff(this.failures, 200, 1000);
  }

  /** It works again. */
  succeeded(): void {
    this.failures = 0;
  }
}
