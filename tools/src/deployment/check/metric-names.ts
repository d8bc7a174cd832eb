import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './document.js';

const UNITS: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes', '1': '_ratio' };
const INSTRUMENT =
  /\.(create(?:Observable)?(Histogram|Counter|UpDownCounter|Gauge)|durations)\(\s*'([a-z0-9_.]+)'(?=([\s\S]{0,200}))/g;
/** What Prometheus adds by itself, and what it tells of its own. */
const PROMETHEUS_OWN = /^(up|scrape_\w+|otelcol_\w+|target_info)$/;
const FUNCTIONS = new Set(
  'sum,max,min,avg,count,rate,increase,histogram_quantile,absent_over_time,by,without,on,or,and,unless,group_left'.split(
    ',',
  ),
);

function sources(folder: string): string[] {
  return readdirSync(join(REPOSITORY, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return ['node_modules', 'dist', 'test'].includes(entry.name) ? [] : sources(path);
    return /(?<!\.spec)\.ts$/.test(entry.name) ? [path] : [];
  });
}

/** The names under which an instrument of OpenTelemetry appears in Prometheus. */
export function prometheusNames(name: string, kind: string, unit: string | undefined): string[] {
  const plain = name.replaceAll('.', '_') + (unit ? (UNITS[unit] ?? '') : '');
  if (kind === 'Histogram') return [`${plain}_bucket`, `${plain}_sum`, `${plain}_count`];
  return [kind === 'Counter' ? `${plain}_total` : plain];
}

/** All metrics that the code makes, by their names in Prometheus. */
export function metricsOfTheCode(): Set<string> {
  const names = ['libs', 'services'].flatMap(sources).flatMap((file) => {
    const text = readFileSync(join(REPOSITORY, file), 'utf8');
    return [...text.matchAll(INSTRUMENT)].flatMap(([, method, kind = 'Histogram', name = '', after = '']) => {
      const options = after.slice(0, after.search(/\.(create|durations|addCallback)|;/) >>> 0);
      const unit = method === 'durations' ? 's' : /unit: '([^']+)'/.exec(options)?.[1];
      return prometheusNames(name, kind, unit);
    });
  });
  return new Set(names);
}

/** The metrics that an expression of Prometheus asks for. */
export function metricsIn(expression: string): string[] {
  const bare = expression
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b(by|without|on)\s*\([^)]*\)/g, '');
  return [...new Set(bare.match(/[a-z_][a-z0-9_]*/g) ?? [])].filter(
    (word) => !FUNCTIONS.has(word) && !PROMETHEUS_OWN.test(word),
  );
}
