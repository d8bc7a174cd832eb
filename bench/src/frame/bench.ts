import type { Comparison } from './report.js';
import type { Stand } from './stand.js';

/** How much a bench does: `full` for figures, `tiny` to see that it runs through. */
export type Size = 'full' | 'tiny';

/** What a bench found; the frame adds name, machine and versions. */
export type Findings = Readonly<{
  conditions: Readonly<Record<string, string>>;
  comparisons: readonly Comparison[];
  /** one sentence each: what keeps the figures from being higher */
  bounds: readonly string[];
}>;

/** One measurement, each figure with its raw baseline measured in the same run. */
export type Bench = Readonly<{
  name: string;
  description: string;
  run(stand: Stand, size: Size): Promise<Findings>;
}>;
