import type { Comparison, CpuPerOperation, Report, Spread } from './report.js';

const HEAD = ['', 'ours', 'raw', 'ours/raw', 'goal', 'CPU/op ours', 'CPU/op raw', 'raw/ours'];

const percent = (value: number): string => `${Math.round(value * 100)} %`;
const span = ({ median, low, high }: Spread): string =>
  `${percent(median)} (${Math.round(low * 100)}–${Math.round(high * 100)})`;
const rate = (value: number): string =>
  value >= 10_000 ? `${(value / 1000).toFixed(1)} k` : String(Math.round(value));
const micros = (cpu: CpuPerOperation): string =>
  Object.entries(cpu)
    .map(([name, us]) => `${name} ${us < 100 ? us.toFixed(1) : Math.round(us)}`)
    .join(', ') + ' µs';

function cells({ title, unit, ours, raw, ratio, cpuRatio, goal }: Comparison): string[] {
  const met = goal === undefined || ratio.median >= goal.ratio ? '' : ' ✗';
  const rateGoal = goal?.perSecond === undefined ? '' : `, ${rate(goal.perSecond)} ${unit}`;
  return [
    title,
    `${rate(ours.perSecond)} ${unit}`,
    `${rate(raw.perSecond)} ${unit}`,
    span(ratio),
    goal === undefined ? '–' : `≥ ${percent(goal.ratio)}${rateGoal}${met}`,
    micros(ours.cpuUs),
    micros(raw.cpuUs),
    span(cpuRatio),
  ];
}

/** The report as text for the terminal. */
export function tableOf(report: Report): string {
  const rows = [HEAD, ...report.comparisons.map(cells)];
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
  return [
    `\n${report.name}: ${report.description} (${Math.round(report.seconds)} s)`,
    ...report.warnings.map((warning) => `  ! ${warning}`),
    ...lines.map((line) => `  ${line}`),
    ...report.bounds.map((bound) => `  bound: ${bound}`),
    ...Object.entries(report.conditions).map(([name, value]) => `  ${name}: ${value}`),
  ].join('\n');
}
