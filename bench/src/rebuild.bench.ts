import type { Bench, Findings, Size } from './frame/bench.js';
import { memoryFigures } from './frame/memory.js';
import { compare, inTurns } from './frame/rounds.js';
import type { Stand } from './frame/stand.js';
import { median } from './frame/statistics.rules.js';
import { dashboardFigures, loadFacts } from './rebuild/dashboard.js';
import { InsightsWorld } from './rebuild/insights-world.js';
import { POOL } from './world/service-world.js';

const GOAL_PER_SECOND = 30_000;

const PLAN = {
  full: { events: 1_000_000, rounds: 1, facts: 10_000_000, times: 100 },
  normal: { events: 50_000, rounds: 1, facts: 300_000, times: 20 },
  tiny: { events: 2000, rounds: 1, facts: 2000, times: 3 },
} as const;

async function run(stand: Stand, size: Size): Promise<Findings> {
  const { events, rounds, facts, times } = PLAN[size];
  const world = await InsightsWorld.start(stand, events);
  const warmsUp = size !== 'full';
  const found = await inTurns({ ours: world.ours(), raw: world.raw() }, rounds, { warmsUp });
  const rebuild = compare(`${events} events`, {
    unit: 'events/s',
    ours: ['rebuild', found.ours],
    raw: ['kafkajs, read and parse', found.raw],
  });
  await loadFacts(world, await world.active(), facts);
  return {
    conditions: {
      payload: `rebuild: ${events} tickets.ticket-registered of 40 branches, one per ticket, 12 partitions; dashboard: ${facts} facts of five years in their place, in order of time, open those of the last days and one in 5000 of the others; all ended months and the running one summed by the service before the first question, no ticket changes meanwhile`,
      concurrency: `rebuild: 2 partitions at once, transactions of at most 500 events, pool ${POOL}; dashboard: one question after the other, ${times} of each`,
      ours: 'services/insights/dist/main.js: POST /api/v1/figures/tickets/rebuild, guards, contracts, one fact per ticket, while the old build serves; the rate is from the first to the last transaction of the new build. GET /api/v1/figures/tickets with all measures, under row-level security; spans not recorded (the default)',
      raw: 'kafkajs eachBatch that reads and parses the topic, nothing else; a bare count of the same facts by one measure, without row-level security',
      bursts: `the whole topic in turns, ${rounds} rounds${warmsUp ? ', one before thrown away' : ''}`,
    },
    comparisons: [rebuild],
    figures: [
      {
        ...{ title: 'rebuild', unit: 'events/s', ours: rebuild.ours.perSecond },
        goal: { atLeast: GOAL_PER_SECOND },
      },
      { title: 'from the wish to the switch, compared row by row', unit: 's', ours: median(world.wholes) },
      ...memoryFigures('service', world.memory),
      ...(await dashboardFigures(world, times)),
    ],
    bounds: [
      'rebuild: as consume, PostgreSQL with three rows per event (inbox, sequence, fact)',
      'dashboard: sums per branch and month, and a live count of open tickets and of months whose tickets changed a moment ago (decision 0023), so the time follows the number of open tickets; statements end after 5 s',
    ],
  };
}

/** Building the figures anew, and asking for them. */
export const rebuild: Bench = {
  name: 'rebuild',
  description: 'the figures built anew and asked for, against reading the topic and a bare count',
  run,
};
