import type { ImportRunner } from './import-runner.js';

export type WorkParts = Readonly<{
  runner: ImportRunner;
  everyMs: number;
  clean: () => Promise<unknown>;
  onError: (error: unknown) => void;
}>;

const CLEAN_EVERY_MS = 600_000;

/** Looks for open jobs: at the start, when an upload is done, when a job has ended, and every so often for other copies'. */
export class ImportWork {
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private cleanAt = 0;

  constructor(private readonly parts: WorkParts) {}

  start(): void {
    this.wake();
  }

  /** Looks at once; a look that is under way is followed by another. */
  wake(): void {
    if (this.stopped) return;
    if (this.turn) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.turn = this.look().finally(() => {
      this.turn = undefined;
      if (this.stopped) return;
      if (this.again) {
        this.again = false;
        return this.wake();
      }
      this.timer = setTimeout(() => this.wake(), this.parts.everyMs);
    });
  }

  /** Ends looking and lets running jobs stop at their next batch. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.turn;
    await this.parts.runner.stop();
  }

  private async look(): Promise<void> {
    const { runner, clean, onError } = this.parts;
    try {
      const begun = await runner.takeJobs();
      if (begun > 0) void runner.idle().then(() => this.wake());
      if (performance.now() < this.cleanAt) return;
      this.cleanAt = performance.now() + CLEAN_EVERY_MS;
      await clean();
    } catch (error) {
      onError(error);
    }
  }
}
