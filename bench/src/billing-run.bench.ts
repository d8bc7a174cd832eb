import { BillingWorld, ITEMS } from './billing-run/billing-world.js';
import type { Bench, Findings, Size } from './frame/bench.js';
import { memoryFigures } from './frame/memory.js';
import { compare, inTurns } from './frame/rounds.js';
import type { Stand } from './frame/stand.js';
import { median } from './frame/statistics.rules.js';
import { POOL } from './world/service-world.js';

const GOAL = { ratio: 0.5 };

const PLAN = {
  full: { units: 250_000, rounds: 1 },
  normal: { units: 5000, rounds: 2 },
  tiny: { units: 100, rounds: 1 },
} as const;

async function run(stand: Stand, size: Size): Promise<Findings> {
  const { units, rounds } = PLAN[size];
  const world = await BillingWorld.start(stand, units);
  const warmsUp = size !== 'full';
  const found = await inTurns({ ours: world.ours(), raw: world.raw() }, rounds, { warmsUp });
  return {
    conditions: {
      payload: `one branch of ${units} units with an account each, ${ITEMS} fee items by area: ${units * ITEMS} lines, each a charge with its explanation, a ledger entry with two postings, an event; per account an invoice with its lines, an event, a row of the trail`,
      concurrency: `one run, two parts of 500 units at once, stored in their order; then invoices, 200 accounts per call, one call after the other; pool ${POOL}`,
      ours: 'POST /api/v1/billing-runs of services/billing/dist/main.js to the end of the run, then POST /api/v1/invoices/periods until nothing is left: payers, tariffs, rating with exact fractions, no line twice, accounts locked, credit used; relay and sealer wait meanwhile, as when another copy holds their locks; spans not recorded (the default)',
      raw: 'the same rows by one INSERT … SELECT per table (constants from rows that ours wrote, amounts made beforehand, the invoice known at once), one transaction, the same constraints and triggers, no row-level security',
      bursts: `a whole month on empty tables in turns, ${rounds} rounds${warmsUp ? ', one before thrown away' : ''}; accounts are there`,
    },
    comparisons: [
      compare(`${units * ITEMS} lines and their invoices`, {
        unit: 'lines/s',
        ours: ['run + invoices', found.ours],
        raw: ['INSERT … SELECT', found.raw],
        goal: GOAL,
      }),
    ],
    figures: [
      { title: 'the run alone', unit: 'lines/s', ours: median(world.runAlone) },
      ...memoryFigures('service', world.memory),
    ],
    bounds: [
      'PostgreSQL on either side: the constraint that nothing is charged twice and eight further indexes per charge; ours turns rows into JSON and back (once per part), lists what is to be invoiced and writes a second version of the charge when it is; the calls that invoice take turns with the database',
    ],
  };
}

/** A month's billing of a large branch. */
export const billingRun: Bench = {
  name: 'billing-run',
  description: 'a billing run and its invoices, against INSERT … SELECT of the same rows',
  run,
};
