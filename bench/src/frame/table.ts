import type { Comparison, CpuPerOperation, Figure, Report, Spread } from './report.js';

const FIGURE_HEAD = ['', 'ours', 'raw', 'ours/raw', 'goal'];
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

const amount = (value: number, unit: string): string =>
  `${Math.abs(value) < 100 ? value.toFixed(1) : Math.round(value)} ${unit}`;

function figureCells({ title, unit, ours, raw, goal }: Figure): string[] {
  return [
    title,
    amount(ours, unit),
    raw === undefined ? '–' : amount(raw, unit),
    raw === undefined ? '–' : (ours / raw).toFixed(2),
    goalCell(ours, raw ?? NaN, unit, goal),
  ];
}

function goalCell(ours: number, raw: number, unit: string, goal: Figure['goal']): string {
  if (goal === undefined) return '–';
  if ('atMost' in goal) return `≤ ${goal.atMost} ${unit}${ours <= goal.atMost ? '' : ' ✗'}`;
  if ('atLeast' in goal) return `≥ ${goal.atLeast} ${unit}${ours >= goal.atLeast ? '' : ' ✗'}`;
  return `≤ ${goal.timesRaw} × raw${ours <= goal.timesRaw * raw ? '' : ' ✗'}`;
}

function laidOut(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
}

/** The report as text for the terminal. */
export function tableOf(report: Report): string {
  const { comparisons, figures } = report;
  const lines = [
    ...(comparisons.length > 0 ? laidOut([HEAD, ...comparisons.map(cells)]) : []),
    ...(figures.length > 0 ? laidOut([FIGURE_HEAD, ...figures.map(figureCells)]) : []),
  ];
  return [
    `\n${report.name}: ${report.description} (size ${report.size}, ${Math.round(report.seconds)} s)`,
    ...report.warnings.map((warning) => `  ! ${warning}`),
    ...lines.map((line) => `  ${line}`),
    ...report.bounds.map((bound) => `  bound: ${bound}`),
    ...Object.entries(report.conditions).map(([name, value]) => `  ${name}: ${value}`),
  ].join('\n');
}
