// npm run bench: measures ours against raw baselines in the same run; prints tables, or JSON with --json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArguments, type Arguments } from './frame/arguments.js';
import type { Bench, Size } from './frame/bench.js';
import { loadAtStart, surroundings, type Load } from './frame/conditions.js';
import type { Report } from './frame/report.js';
import { Stand } from './frame/stand.js';
import { tableOf } from './frame/table.js';
import { BENCHES } from './registry.js';

const REPORTS = resolve(import.meta.dirname, '../../var/bench');

async function runOne(bench: Bench, stand: Stand, size: Size, { load, warnings }: Load): Promise<Report> {
  const { name, description } = bench;
  const began = performance.now();
  try {
    const { conditions, comparisons, figures = [], bounds } = await bench.run(stand, size);
    const around = { ...(await surroundings(stand)), 'load at start': load };
    const seconds = (performance.now() - began) / 1000;
    return {
      ...{ name, description, size, seconds, warnings, comparisons, figures, bounds },
      conditions: { ...conditions, ...around },
    };
  } finally {
    await stand.clear();
  }
}

async function runAll({ names, size, json, profile }: Arguments): Promise<void> {
  // before anything of ours runs: later it would be our own
  const load = loadAtStart();
  const stand = await Stand.start(profile ? REPORTS : undefined);
  const reports: Report[] = [];
  try {
    for (const bench of BENCHES.filter(({ name }) => names.includes(name))) {
      console.error(`· ${bench.name} …`);
      const report = await runOne(bench, stand, size, load);
      reports.push(report);
      if (!json) console.log(tableOf(report));
    }
  } finally {
    await stand.stop();
  }
  if (json) console.log(JSON.stringify(reports, undefined, 2));
  if (size !== 'tiny') keep(reports);
}

/** Keeps the reports below `var/bench`, so that later runs can be laid beside them. */
function keep(reports: readonly Report[]): void {
  mkdirSync(REPORTS, { recursive: true });
  const file = resolve(REPORTS, `${new Date().toISOString().replaceAll(':', '-')}.json`);
  writeFileSync(file, `${JSON.stringify(reports, undefined, 2)}\n`);
  console.error(`kept in ${file}`);
}

try {
  await runAll(
    parseArguments(
      process.argv.slice(2),
      BENCHES.map(({ name }) => name),
    ),
  );
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 1;
}
