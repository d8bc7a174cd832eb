import type { Bench, Findings, Size } from './frame/bench.js';
import type { Figure } from './frame/report.js';
import type { Stand } from './frame/stand.js';
import { percentile } from './frame/statistics.rules.js';
import { sizedServices, type Sized } from './growth/growth-world.js';
import { ask } from './world/questions.js';
import { POOL } from './world/service-world.js';

const GOAL_TIMES = 1.2;

const PLAN = {
  full: { sizes: [100_000, 1_000_000, 10_000_000], times: 100, rounds: 5 },
  normal: { sizes: [20_000, 200_000], times: 30, rounds: 3 },
  tiny: { sizes: [1000, 4000], times: 3, rounds: 1 },
} as const;

type Took = Map<string, number[]>;

const amount = (count: number): string => count.toLocaleString('en').replaceAll(',', ' ');

/** Asks everything at every size, in turns, so that a busy moment of the machine is one for all sizes. */
async function askInTurns(sized: readonly Sized[], rounds: number, times: number): Promise<Took> {
  const took: Took = new Map();
  const askAt = async ({ count, asks }: Sized, name: string): Promise<void> => {
    const answers = await ask(times, asks[name]!);
    if (answers.refused > 0) throw new Error(`${name}: no answer at ${count} tickets`);
    took.set(`${name}/${count}`, [...(took.get(`${name}/${count}`) ?? []), ...answers.took]);
  };
  for (let round = 0; round < rounds; round += 1)
    for (const name of Object.keys(sized[0]!.asks))
      for (const one of round % 2 === 0 ? sized : sized.toReversed()) await askAt(one, name);
  return took;
}

function figuresOf(sized: readonly Sized[], took: Took): Figure[] {
  const [smallest, ...larger] = sized;
  return Object.keys(smallest!.asks).flatMap((name) =>
    larger.map(({ count }) => ({
      title: `${name}, ${amount(count)} against ${amount(smallest!.count)}`,
      unit: 'ms',
      ours: percentile(took.get(`${name}/${count}`)!, 0.5),
      raw: percentile(took.get(`${name}/${smallest!.count}`)!, 0.5),
      goal: { timesRaw: GOAL_TIMES },
    })),
  );
}

async function run(stand: Stand, size: Size): Promise<Findings> {
  const { sizes, times, rounds } = PLAN[size];
  const sized = await sizedServices(stand, sizes);
  return {
    conditions: {
      payload:
        'tickets of five years in 40 branches, the largest with a ninth of all, a hundredth open, most of these among the youngest; trail and events of the loaded tickets are not there',
      concurrency: `one question after the other, ${times} of each kind in a turn; a service and a database per size, pool ${POOL}`,
      ours: 'services/tickets/dist/main.js over the larger database: the middle of all answers; as a clerk of the largest branch, and as headquarters where it says so; relay and sealer at work; spans not recorded (the default)',
      raw: 'the same service over the smallest database',
      bursts: `in turns, ${rounds} rounds; the first question of each turn is thrown away`,
    },
    comparisons: [],
    figures: figuresOf(sized, await askInTurns(sized, rounds, times)),
    bounds: ['one or two more levels of each index; and the cache once the tickets outgrow it'],
  };
}

/** What a hundred times more tickets change. */
export const growth: Bench = {
  name: 'growth',
  description: 'list, search and create as the tickets become many, against few of them',
  run,
};
