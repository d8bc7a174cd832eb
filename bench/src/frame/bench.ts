import type { Comparison, Figure } from './report.js';
import type { Stand } from './stand.js';

/** How much a bench does: `tiny` to see that it runs through, `normal` in minutes, `full` what the goals speak of. */
export const SIZES = ['tiny', 'normal', 'full'] as const;
export type Size = (typeof SIZES)[number];

/** What a bench found; the frame adds name, machine and versions. */
export type Findings = Readonly<{
  conditions: Readonly<Record<string, string>>;
  comparisons: readonly Comparison[];
  /** what is no rate: delays, memory */
  figures?: readonly Figure[];
  /** one sentence each: what keeps the figures from being higher */
  bounds: readonly string[];
}>;

/** One measurement, each figure with its raw baseline measured in the same run. */
export type Bench = Readonly<{
  name: string;
  description: string;
  run(stand: Stand, size: Size): Promise<Findings>;
}>;
