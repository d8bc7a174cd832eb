import type { Bench, Findings, Size } from './frame/bench.js';
import { memoryFigures } from './frame/memory.js';
import { compare, inTurns } from './frame/rounds.js';
import type { Stand } from './frame/stand.js';
import { ImportWorld } from './import/import-world.js';
import { POOL } from './world/service-world.js';

const GOAL = { ratio: 0.4 };

const PLAN = {
  full: { rows: 1_000_000, rounds: 1 },
  normal: { rows: 20_000, rounds: 2 },
  tiny: { rows: 500, rounds: 1 },
} as const;

async function run(stand: Stand, size: Size): Promise<Findings> {
  const { rows, rounds } = PLAN[size];
  const world = await ImportWorld.start(stand, rows);
  const warmsUp = size !== 'full';
  const found = await inTurns({ ours: world.ours(), raw: world.raw() }, rounds, { warmsUp });
  return {
    conditions: {
      payload: `a CSV file of ${rows} closed repairs of 40 branches and two years, 300 bytes each; per row a ticket, a row of the trail, four personal values, two events, a row of the import's memory`,
      concurrency: `one job; pool ${POOL} connections, of which a job uses one`,
      ours: 'POST /api/v1/imports of services/tickets/dist/main.js: file stored, read by a worker thread, mapped, checked, deadlines computed by the policies in force, batches of 500 rows with the cursor of the job; from the first byte of the upload to the end of the job; relay and sealer wait meanwhile, as when another copy holds their locks; spans not recorded (the default)',
      raw: 'COPY of the same file into a temporary table, then INSERT … SELECT of the same rows (constants from a row that ours wrote, no rules), one transaction, no row-level security',
      bursts: `the whole file on empty tables in turns, ${rounds} rounds${warmsUp ? ', one before thrown away' : ''}`,
    },
    comparisons: [
      compare(`${rows} tickets`, {
        unit: 'rows/s',
        ours: ['import', found.ours],
        raw: ['COPY + INSERT … SELECT', found.raw],
        goal: GOAL,
      }),
    ],
    figures: memoryFigures('service', world.memory),
    bounds: [
      'one batch after the other: reading, rules and deadlines in Node take turns with PostgreSQL, which writes nine rows with their indexes per ticket on either side',
    ],
  };
}

/** A large file through the import. */
export const importBench: Bench = {
  name: 'import',
  description: 'tickets of a file by the import, against COPY and INSERT … SELECT of the same rows',
  run,
};
