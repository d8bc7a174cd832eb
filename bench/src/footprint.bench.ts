import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Findings, Size } from './frame/bench.js';
import type { Figure } from './frame/report.js';
import type { Stand } from './frame/stand.js';
import { startPlatform, type StartFound } from './footprint/platform-start.js';

const GOAL_SECONDS = 15;
const GOAL_MIB = 700;

/** The ways to start it; the first finds an empty folder of state, the others what it left. */
const WAYS = [
  { title: 'first start, one process', args: [] },
  { title: 'next start, one process', args: [] },
  { title: 'first start, a process per service', args: ['--processes'] },
  { title: 'next start, a process per service', args: ['--processes'] },
] as const;

function figuresOf(title: string, { readySeconds, memory }: StartFound): Figure[] {
  const ready = { title: `${title}: ready`, unit: 's', ours: readySeconds };
  const figures: Figure[] = [{ ...ready, goal: { atMost: GOAL_SECONDS } }];
  if (!memory) return figures;
  const { processes, resident, proportional } = memory;
  return [
    ...figures,
    {
      ...{ title: `${title}: resident memory of ${processes} Node processes`, unit: 'MiB', ours: resident },
      goal: { atMost: GOAL_MIB },
    },
    { title: `${title}: the same, shared pages once`, unit: 'MiB', ours: proportional },
  ];
}

async function run(stand: Stand, size: Size): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-bench-platform-'));
  const figures: Figure[] = [];
  try {
    for (const { title, args } of size === 'tiny' ? WAYS.slice(0, 1) : WAYS)
      figures.push(...figuresOf(title, await startPlatform(stand, folder, args)));
  } finally {
    await stand.clear();
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    conditions: {
      payload: 'nothing is asked of it but the demo group, loaded at the first start',
      concurrency: 'the engines of the bench stand idle beside it',
      ours: 'tools/dist/start.js as npm start runs it once everything is installed and built: its own PostgreSQL and Kafka, nine services and the issuer; ready when /health/services says so of all; memory five seconds later, of Node alone',
      raw: 'none: there is nothing to compare it with',
      bursts: 'each way once',
    },
    comparisons: [],
    figures,
    bounds: [
      'ready: PostgreSQL and Kafka first, then the migrations of eight databases at the first start; a process per service compiles everything once for each, unless an earlier start has kept that (NODE_COMPILE_CACHE)',
      'memory of a process per service: each holds Node, the framework, the drivers of PostgreSQL and Kafka and the telemetry for itself',
    ],
  };
}

/** How long the platform takes to start, and what it holds when idle. */
export const footprint: Bench = {
  name: 'footprint',
  description: 'from the start to ready, and the memory of Node',
  run,
};
