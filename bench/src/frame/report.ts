import type { Size } from './bench.js';

/** The middle of several ratios, and how far they lie apart. */
export type Spread = Readonly<{ median: number; low: number; high: number }>;

/** Processor time per operation in microseconds, by process (`server`, `postgres`, `kafka`, `load` …). */
export type CpuPerOperation = Readonly<Record<string, number>>;

/** How one side did over all its bursts: medians. */
export type SideResult = Readonly<{
  name: string;
  perSecond: number;
  cpuUs: CpuPerOperation;
  /** Milliseconds per operation as the caller saw it, where it was measured. */
  latencyMs?: Readonly<{ p50: number; p99: number }>;
}>;

/** Ours against the raw baseline of the same run. Ratios compare the bursts of one round with each other. */
export type Comparison = Readonly<{
  title: string;
  unit: string;
  ours: SideResult;
  raw: SideResult;
  /** our rate / raw rate */
  ratio: Spread;
  /** raw processor time per operation / ours, of the servers alone: 1 means that ours costs nothing more */
  cpuRatio: Spread;
  /** the share of the baseline that is aimed at, and a rate where one is */
  goal?: Readonly<{ ratio: number; perSecond?: number }>;
}>;

/** A delay or an amount, ours beside the baseline's where there is one, with the bounds of ours. */
export type Figure = Readonly<{
  title: string;
  unit: string;
  ours: number;
  raw?: number;
  goal?: Readonly<{ atMost: number } | { atLeast: number } | { timesRaw: number }>;
}>;

/** What one bench found, and under which conditions. */
export type Report = Readonly<{
  name: string;
  description: string;
  size: Size;
  seconds: number;
  conditions: Readonly<Record<string, string>>;
  /** conditions that make the figures doubtful */
  warnings: readonly string[];
  comparisons: readonly Comparison[];
  figures: readonly Figure[];
  bounds: readonly string[];
}>;
