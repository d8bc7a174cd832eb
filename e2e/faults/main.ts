import { parseArgs } from 'node:util';
import { crashTest } from './crash-test.js';
import { reportLines } from './report.js';

const USAGE = 'npm run faults [<minutes>] [-- --seed <text>]';
const KILLS_PER_MINUTE = 2.5;

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string' } },
  allowPositionals: true,
});
const minutes = Number(positionals[0] ?? 3);
if (!(minutes > 0) || positionals.length > 1) {
  console.error(USAGE);
  process.exit(2);
}
const report = await crashTest({
  minutes,
  leastKills: Math.ceil(minutes * KILLS_PER_MINUTE),
  ...(values.seed === undefined ? {} : { seed: values.seed }),
  say: (line) => console.log(line),
});
for (const line of reportLines(report)) console.log(line);
process.exit(report.violations.length === 0 ? 0 : 1);
