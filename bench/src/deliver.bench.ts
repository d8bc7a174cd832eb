import { DeliverWorld } from './deliver/deliver-world.js';
import type { Bench, Findings, Size } from './frame/bench.js';
import { compare, inTurns } from './frame/rounds.js';
import type { Stand } from './frame/stand.js';
import { percentile } from './frame/statistics.rules.js';

const GOAL_P99_MS = 50;
const PER_SECOND = 200;

const PLAN = {
  full: { seconds: 60, rounds: 5 },
  normal: { seconds: 10, rounds: 3 },
  tiny: { seconds: 1, rounds: 1 },
} as const;

const BOUNDS = [
  'processor time of some ten small statements per event, and three steps that take together what came while the one before was under way: the relay, the consumer (the partner log takes one durable commit after another), the round of an endpoint',
];

async function run(stand: Stand, size: Size): Promise<Findings> {
  const { seconds, rounds } = PLAN[size];
  const world = await DeliverWorld.start(stand);
  const order = { count: seconds * PER_SECOND, perSecond: PER_SECOND };
  const delays = { ours: [] as number[], raw: [] as number[] };
  const found = await inTurns(
    {
      ours: world.side('source', order, delays.ours),
      raw: world.side('raw-chain', order, delays.raw),
    },
    rounds,
  );
  const figure = (title: string, share: number) => ({
    ...{ title, unit: 'ms', ours: percentile(delays.ours, share), raw: percentile(delays.raw, share) },
  });
  return {
    conditions: {
      payload: 'tickets.ticket-started, one per ticket, in turn of 40 branches; a webhook of about 400 bytes',
      concurrency: `${PER_SECOND} events/s in an open loop, one transaction each; one subscription, at most 8 requests at once (the default)`,
      ours: 'outbox in the transaction, relay (fsync of the marks), Kafka, consumer runtime with guards, partner log, delivery in order with grants checked, signed, cursor kept; a process for the source and one for services/partners; spans not recorded as nothing exports them (the default)',
      raw: 'kafkajs: send with acks of all, eachBatch, POST; one process; no database',
      delay:
        'ours: from the end of the commit in the source; raw: from before the send; both: to the arrival of the request at the receiver, on the clock that all processes share',
      bursts: `${seconds} s each in turns, ${rounds} rounds, one before thrown away; percentiles over all ${delays.ours.length} events`,
    },
    comparisons: [
      compare('events delivered at the given rate', {
        unit: 'events/s',
        ours: ['outbox → partner', found.ours],
        raw: ['produce → post', found.raw],
      }),
    ],
    figures: [
      figure('commit → webhook, half of them within', 0.5),
      { ...figure('commit → webhook, 99 % within', 0.99), goal: { atMost: GOAL_P99_MS } },
      figure('commit → webhook, the slowest', 1),
    ],
    bounds: BOUNDS,
  };
}

/** How long an event takes to a partner. */
export const deliver: Bench = {
  name: 'deliver',
  description: 'from the commit of an event to its webhook, against produce → consume → post',
  run,
};
