import { fileURLToPath } from 'node:url';
import { gatewayEnv } from '@steward/service-gateway';
import { freePort } from '@steward/testing';
import type { Bench, Findings, Size } from './frame/bench.js';
import { compare, inTurns } from './frame/rounds.js';
import type { Stand } from './frame/stand.js';
import { CONCURRENCY, TicketWorld, type Server } from './tickets/ticket-world.js';
import { POOL } from './world/service-world.js';

const GOAL = { ratio: 0.7 };
const NOWHERE = 'http://127.0.0.1:1';

const USUAL = { milliseconds: 1500, warmUp: 4000, rounds: 7 };
const PLAN = {
  full: USUAL,
  normal: USUAL,
  tiny: { milliseconds: 200, warmUp: 20, rounds: 1 },
} as const;

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** The variables that name services; all but tickets are nowhere. */
const SERVICES = Object.keys(gatewayEnv.shape).filter(
  (name) => name.endsWith('_URL') && name !== 'IDENTITY_URL',
);

async function startGateway({ stand, service }: TicketWorld): Promise<Server> {
  const port = await freePort();
  const process = stand.process({
    name: 'gateway',
    file: here('../../services/gateway/dist/main.js'),
    env: {
      PORT: String(port),
      ...Object.fromEntries(SERVICES.map((name) => [name, NOWHERE])),
      TICKETS_URL: `http://127.0.0.1:${service.port}`,
      KAFKA_BROKERS: stand.kafka.brokers,
      OIDC_ISSUER: stand.issuer.url,
      // each agent sends more than a person ever would; they are counted all the same
      RATE_LIMIT: '10000000',
    },
  });
  await process.answers(`http://127.0.0.1:${port}/health/ready`);
  return { port, process };
}

async function startProxy({ stand, raw }: TicketWorld): Promise<Server> {
  const port = await freePort();
  const process = stand.process({
    name: 'raw-proxy',
    file: here('./tickets/raw-proxy.js'),
    env: { PORT: String(port), UPSTREAM: `http://127.0.0.1:${raw.port}` },
  });
  await process.answers(`http://127.0.0.1:${port}/health/ready`);
  return { port, process };
}

async function run(stand: Stand, size: Size): Promise<Findings> {
  const { rounds, ...burst } = PLAN[size];
  const world = await TicketWorld.start(stand);
  const { service, raw } = world;
  const gateway = await startGateway(world);
  const proxy = await startProxy(world);
  const found = await inTurns(
    {
      ours: world.side(gateway.port, { gateway: gateway.process, server: service.process }, burst),
      raw: world.side(proxy.port, { gateway: proxy.process, server: raw.process }, burst),
    },
    rounds,
  );
  return {
    conditions: {
      payload: 'as in create',
      concurrency: `${CONCURRENCY} callers in a closed loop, kept connections; pool ${POOL} connections each; 40 branches`,
      ours: 'the gateway (token, rate limit counted, circuit, deadline, security fields, log, stream of events) before the service of create, which verifies the token again',
      raw: 'a proxy on fastify and undici, streaming both ways, before the raw server of create',
      bursts: `${burst.milliseconds} ms each in turns, ${rounds} rounds, one before thrown away`,
    },
    comparisons: [
      compare('40 branches, through the gateway', {
        unit: 'req/s',
        ours: ['gateway + service', found.ours],
        raw: ['proxy + same statement', found.raw],
        goal: GOAL,
      }),
    ],
    bounds: [
      'processor time: the callers, gateway, service, PostgreSQL and Kafka share the cores; the hop itself costs either side about the same',
    ],
  };
}

/** Taking tickets in as clients do, through the gateway. */
export const createGateway: Bench = {
  name: 'create-gateway',
  description: 'a ticket taken in through the gateway, against a fastify proxy before fastify + pg',
  run,
};
