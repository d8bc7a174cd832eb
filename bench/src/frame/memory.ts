import type { MeasuredProcess } from './measured-process.js';
import type { Figure } from './report.js';
import { lowPoints, slope } from './statistics.rules.js';

const EVERY_MS = 500;
const MIB = 2 ** 20;
/** Garbage comes and goes; what stays is told by the lowest point of each of so many stretches of time. */
const WINDOWS = 8;

type Sample = Readonly<{ at: number; rss: number; heap: number }>;

/** How much memory a process took while it worked, and whether its low points grew: MiB, MiB per minute in the later half. */
export type MemoryUse = Readonly<{
  mostRss: number;
  mostHeap: number;
  rssPerMinute: number;
  heapPerMinute: number;
}>;

/** Looks at a process's memory twice a second until it is told to stop. */
export class MemoryWatch {
  private readonly samples: Sample[] = [];
  private readonly began = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private asking: Promise<void> = Promise.resolve();

  private constructor(private readonly process: MeasuredProcess) {}

  static start(process: MeasuredProcess): MemoryWatch {
    const watch = new MemoryWatch(process);
    watch.next();
    return watch;
  }

  async stop(): Promise<MemoryUse> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.asking;
    await this.look();
    const { samples } = this;
    const later = samples.slice(Math.floor(samples.length / 2));
    const growth = (of: (sample: Sample) => number): number =>
      slope(
        lowPoints(
          later.map((sample) => [sample.at / 60_000, of(sample)] as const),
          WINDOWS,
        ),
      );
    return {
      mostRss: Math.max(...samples.map(({ rss }) => rss)),
      mostHeap: Math.max(...samples.map(({ heap }) => heap)),
      rssPerMinute: growth(({ rss }) => rss),
      heapPerMinute: growth(({ heap }) => heap),
    };
  }

  private next(): void {
    this.timer = setTimeout(() => {
      this.asking = this.look().then(() => {
        if (this.timer) this.next();
      });
    }, EVERY_MS);
  }

  private async look(): Promise<void> {
    const { rss, heapUsed } = await this.process.memory();
    this.samples.push({ at: performance.now() - this.began, rss: rss / MIB, heap: heapUsed / MIB });
  }
}

/** The lines of a report that show whether memory stays flat. */
export function memoryFigures(who: string, uses: readonly MemoryUse[]): Figure[] {
  const most = (of: (use: MemoryUse) => number): number => Math.max(...uses.map(of));
  return [
    { title: `${who}: resident memory, at most`, unit: 'MiB', ours: most(({ mostRss }) => mostRss) },
    { title: `${who}: heap in use, at most`, unit: 'MiB', ours: most(({ mostHeap }) => mostHeap) },
    {
      title: `${who}: resident memory, growth`,
      unit: 'MiB/min',
      ours: most(({ rssPerMinute }) => rssPerMinute),
    },
    {
      title: `${who}: heap in use, growth`,
      unit: 'MiB/min',
      ours: most(({ heapPerMinute }) => heapPerMinute),
    },
  ];
}
