import type { ImportProgress } from './import-file.js';

const WIDTH = 30;
const PLAIN_STEP = 0.1;

/** What a progress line needs of standard error. */
export type Screen = Readonly<{ isTTY?: boolean; write(text: string): unknown }>;

/** Shows progress: one line that is written over on a terminal, a line per tenth elsewhere. */
export class ProgressLine {
  private shown = '';

  constructor(private readonly screen: Screen) {}

  update(progress: ImportProgress): void {
    if (this.screen.isTTY) {
      this.screen.write(`\r${lineOf(progress)}\u001b[K`);
      this.shown = 'line';
      return;
    }
    const step = `${progress.phase} ${Math.floor(progress.share / PLAIN_STEP)}`;
    if (step === this.shown) return;
    this.shown = step;
    this.screen.write(`${lineOf(progress)}\n`);
  }

  end(): void {
    if (this.screen.isTTY && this.shown) this.screen.write('\n');
  }
}

/** One line of progress: a bar, the share, and rows as far as they are counted. */
export function lineOf({ phase, share, job }: ImportProgress): string {
  const full = Math.round(Math.min(1, share) * WIDTH);
  const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
  const rows = job ? `  ${job.rows.read} rows, ${job.rows.rejected} rejected` : '';
  return `${phase.padEnd(9)} ${bar} ${String(Math.floor(share * 100)).padStart(3)} %${rows}`;
}
