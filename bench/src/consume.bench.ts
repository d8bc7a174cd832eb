import { CONCURRENCY, ConsumeWorld } from './consume/consume-world.js';
import type { Bench, Findings, Size } from './frame/bench.js';
import { compare, inTurns } from './frame/rounds.js';
import type { Stand } from './frame/stand.js';
import { POOL } from './world/service-world.js';

const GOAL = { ratio: 0.8, perSecond: 25_000 };

const USUAL = { messages: 200_000, rounds: 3 };
const PLAN = {
  full: USUAL,
  normal: USUAL,
  tiny: { messages: 2000, rounds: 1 },
} as const;

async function run(stand: Stand, size: Size): Promise<Findings> {
  const { messages, rounds } = PLAN[size];
  const world = await ConsumeWorld.start(stand, messages);
  const ours = await world.side('our-consumer');
  const raw = await world.side('raw-consumer');
  const found = await inTurns({ ours, raw }, rounds);
  return {
    conditions: {
      payload: `${messages} tickets.ticket-registered events of 40 branches, one per ticket, 12 partitions`,
      concurrency: `${CONCURRENCY} partitions at once, transactions of at most 500 events, pool ${POOL}, offsets committed every 500 ms`,
      ours: 'the consumer runtime of libs/messaging: partition lock, guards, contract check, scope of the batch, one row per event; spans for sampled traces only, none here',
      raw: 'kafkajs eachBatch with the same statements of guards and effect, JSON.parse for the contract',
      bursts: `the whole topic from its beginning on empty tables, in turns, ${rounds} rounds, one before thrown away`,
    },
    comparisons: [
      compare('inbox, sequence guard, one row', {
        unit: 'msg/s',
        ours: ['consumer runtime', found.ours],
        raw: ['kafkajs eachBatch', found.raw],
        goal: GOAL,
      }),
    ],
    bounds: [
      'PostgreSQL: three rows with their indexes per event (inbox, sequence, effect), on one core per partition at work; then decoding and the check of the contract in the consumer',
    ],
  };
}

/** Applying events with inbox and sequence guard. */
export const consume: Bench = {
  name: 'consume',
  description: 'events applied by a consumer, against kafkajs eachBatch with the same statements',
  run,
};
