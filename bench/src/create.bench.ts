import type { Bench, Findings, Size } from './frame/bench.js';
import type { Comparison } from './frame/report.js';
import { compare, inTurns } from './frame/rounds.js';
import type { Stand } from './frame/stand.js';
import { CONCURRENCY, TicketWorld } from './tickets/ticket-world.js';
import { POOL } from './world/service-world.js';

const GOAL = { ratio: 0.75 };

const USUAL = { milliseconds: 1500, warmUp: 4000, rounds: 7, fewRounds: 3 };
const PLAN = {
  full: USUAL,
  normal: USUAL,
  tiny: { milliseconds: 200, warmUp: 20, rounds: 1, fewRounds: 1 },
} as const;

type Bursts = Awaited<ReturnType<typeof measure>>;

async function measure(world: TicketWorld, size: Size) {
  const { rounds, fewRounds, ...burst } = PLAN[size];
  const { service, raw } = world;
  const ours = { server: service.process };
  const base = { server: raw.process };
  const many = await inTurns(
    {
      ours: world.side(service.port, ours, burst),
      held: world.side(service.port, ours, { ...burst, held: true }),
      raw: world.side(raw.port, base, burst),
      bare: world.side(raw.port, base, { ...burst, path: '/bare' }),
    },
    rounds,
  );
  const one = { ...burst, warmUp: 0, branches: 1 };
  const single = await inTurns(
    { ours: world.side(service.port, ours, { ...one, held: true }), raw: world.side(raw.port, base, one) },
    fewRounds,
  );
  return { many, single };
}

const unit = 'req/s';

const comparisonsOf = ({ many, single }: Bursts): Comparison[] => [
  compare('40 branches', {
    ...{ unit, ours: ['service', many.held], raw: ['same statement', many.raw], goal: GOAL },
  }),
  compare('40 branches, publishing and sealing meanwhile', {
    ...{ unit, ours: ['service', many.ours], raw: ['same statement', many.raw] },
  }),
  compare('1 branch', { unit, ours: ['service', single.ours], raw: ['same statement', single.raw] }),
  compare('40 branches, against the bare record and event', {
    ...{ unit, ours: ['service', many.held], raw: ['bare statement', many.bare] },
  }),
  compare('the whole statement against the bare one', {
    ...{ unit, ours: ['same statement', many.raw], raw: ['bare statement', many.bare] },
  }),
];

const BOUNDS = [
  '40 branches: processor time, PostgreSQL for the statement and the service for its own share; publishing and sealing meanwhile add the relay, Kafka and two updates per ticket, which the baseline never does',
  '1 branch: the counter row of the branch (ORG-05): one registration after the other, each for the length of a durable commit',
];

async function run(stand: Stand, size: Size): Promise<Findings> {
  const { milliseconds, rounds, fewRounds } = PLAN[size];
  const world = await TicketWorld.start(stand);
  return {
    conditions: {
      payload:
        'a repair as JSON, half a kilobyte; its own idempotency key each; answer 201 with number and deadline',
      concurrency: `${CONCURRENCY} callers in a closed loop, kept connections; pool ${POOL} connections each`,
      ours: 'services/tickets/dist/main.js: token, guard, schema, policies, deadline, metrics, a log line per request; relay and sealer wait meanwhile, as when another copy holds their locks, except where the line says otherwise; spans not recorded as nothing exports them (the default)',
      raw: 'fastify + pg, body parsed, the same prepared statement with parameters made beforehand, nothing else',
      bursts: `${milliseconds} ms each in turns, ${rounds} rounds (${fewRounds} for one branch), one before thrown away`,
    },
    comparisons: comparisonsOf(await measure(world, size)),
    bounds: BOUNDS,
  };
}

/** Taking tickets in through the service alone. */
export const create: Bench = {
  name: 'create',
  description: 'a ticket taken in by the service, against fastify + pg with the same statement',
  run,
};
