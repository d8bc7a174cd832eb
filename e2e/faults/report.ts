import { killsOf, type CrashReport } from './crash-test.js';
import { accepted, grouped } from './check/evidence.js';

const MOST_LISTED = 40;

/** The whole result for a terminal; the last line is the verdict. */
export function reportLines(report: CrashReport): string[] {
  const { strikes, commands, exits, checks, violations, seed, folder } = report;
  const kills = killsOf(strikes);
  const others = strikes.filter(({ fault }) => fault.kills === 0).length;
  const repeats = commands.reduce((sum, { repeats: all }) => sum + all.length, 0);
  const alone = exits.filter(({ asked }) => !asked);
  return [
    '',
    ...table(
      ['fault', 'times', 'median until working'],
      [...grouped(strikes, ({ fault }) => fault.name)].map(([name, all]) => [
        name,
        String(all.length),
        `${(median(all.map(({ workedAfterMs }) => workedAfterMs)) / 1000).toFixed(1)} s`,
      ]),
    ),
    '',
    `commands: ${commands.length} sent, ${commands.filter(accepted).length} accepted, ${repeats} repeats while the outcome was unknown`,
    `${strikes.filter(({ duringImport }) => duringImport).length} faults struck while an import was being worked on`,
    `ended by themselves and started again: ${alone.map(({ role, code }) => `${role} (exit ${code})`).join(', ') || 'none'}`,
    '',
    ...table(
      ['check', 'rows', 'violations'],
      checks.map(({ name, rows, findings }) => [name, String(rows), String(findings.length)]),
    ),
    '',
    ...violations.slice(0, MOST_LISTED).map(({ what, where }) => `✗ ${what}  [${where}]`),
    ...(violations.length > MOST_LISTED ? [`… and ${violations.length - MOST_LISTED} more`] : []),
    ...(folder === undefined ? [] : [`ledger, logs and data: ${folder}`, '']),
    violations.length === 0
      ? `${kills} kills and ${others} other faults: nothing lost, nothing doubled, order kept (seed ${seed})`
      : `${violations.length} violations after ${kills} kills and ${others} other faults (seed ${seed})`,
  ];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => cell.padEnd(widths[column]!)).join('  ');
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
