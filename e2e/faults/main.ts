import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { crashTest, killsOf, type CrashReport } from './crash-test.js';
import type { Fault } from './fault/fault.js';
import { KILLS, MIXED, named, names } from './fault-list.js';
import { reportLines } from './report.js';
import { Tally } from './tally.js';

const USAGE = `npm run faults [<minutes>] [-- --seed <text>]       everything that mixes
npm run faults -- --only <name> … [--seed <text>]   one fault by itself, or all whose names begin so
npm run faults -- --until-kills <n> [--seed <text>] kills until so many, those of all runs, are in var/faults/tally.json
faults: ${names().join(', ')}`;
const KILLS_PER_MINUTE = 2.5;
const KILLS_PER_ROUND = 50;
const TALLY = join(import.meta.dirname, '../../../var/faults/tally.json');

const { values, positionals } = parseArgs({
  options: {
    seed: { type: 'string' },
    only: { type: 'string', multiple: true },
    'until-kills': { type: 'string' },
  },
  allowPositionals: true,
});
const minutes = Number(positionals[0] ?? 3);
const only = values.only === undefined ? undefined : values.only.flatMap(named);
const untilKills = Number(values['until-kills'] ?? 1);
if (
  !(minutes > 0) ||
  positionals.length > 1 ||
  values.only?.some((name) => named(name).length === 0) ||
  !(untilKills > 0)
) {
  console.error(USAGE);
  process.exit(2);
}
const say = (line: string): void => console.log(line);
const seeded = values.seed === undefined ? {} : { seed: values.seed };

const tally = await Tally.open(TALLY);
const whole = values['until-kills'] !== undefined ? await gather() : only ? await alone(only) : await mixed();
process.exitCode = whole ? 0 : 1;

/** Tells what a run came to, and keeps its kills; whether all was whole. */
async function told(report: CrashReport): Promise<boolean> {
  const { seed, strikes, commands, violations } = report;
  const kills = killsOf(strikes);
  await tally.add({
    ...{ seed, at: new Date().toISOString(), kills },
    others: strikes.filter(({ fault }) => fault.kills === 0).length,
    ...{ commands: commands.length, violations: violations.length },
  });
  for (const line of reportLines(report)) say(line);
  return violations.length === 0;
}

async function mixed(): Promise<boolean> {
  const until = { minutes, kills: Math.ceil(minutes * KILLS_PER_MINUTE) };
  return told(await crashTest({ faults: MIXED, until, ...seeded, say }));
}

async function alone(faults: readonly Fault[]): Promise<boolean> {
  return told(await crashTest({ faults, ...seeded, say }));
}

/** Round after round on fresh data, each checked; ends at the first violation. */
async function gather(): Promise<boolean> {
  const seed = values.seed ?? randomBytes(4).toString('hex');
  while (tally.kills < untilKills) {
    say(`${tally.kills} of ${untilKills} kills so far, in ${tally.finished} runs`);
    const kills = Math.min(KILLS_PER_ROUND, untilKills - tally.kills);
    const round = { faults: KILLS, until: { minutes: 0, kills }, seed: `${seed}-${tally.finished + 1}`, say };
    if (!(await told(await crashTest(round)))) return false;
  }
  say(`${tally.kills} kills in ${tally.finished} runs (${TALLY})`);
  return true;
}
