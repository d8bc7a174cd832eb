import type { ImportMapping } from '../import-mapping.js';
import type { Encoding } from './encoding.js';
import type { BlockLimits, Cursor } from './source-row.js';

/** One field of the kind, as the reader needs to know it. */
export type TargetField = Readonly<{ name: string; required: boolean }>;

/** Everything a reader is told; plain data, as it goes to another thread. */
export type ReadPlan = Readonly<{
  size: number;
  /** Where to go on; null reads from the beginning. */
  cursor: Cursor | null;
  encoding: Encoding | null;
  /** Sheet of a workbook; null takes the first. */
  sheet: string | null;
  mapping: ImportMapping | null;
  targets: readonly TargetField[];
  /** Whether rows belong to branches, so that a column `branch` is one of ours. */
  hasBranch: boolean;
  limits: BlockLimits &
    Readonly<{ maxUnzippedBytes: number; maxUnzipRatio: number; maxXlsxBytes: number; maxCsvBytes: number }>;
}>;
