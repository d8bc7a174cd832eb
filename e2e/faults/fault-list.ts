import { SERVICES } from '@steward/tools';
import { wrongClock } from './fault/clock.js';
import { diskFull } from './fault/disk-full.js';
import type { Fault } from './fault/fault.js';
import { freeze } from './fault/freeze.js';
import { kill, killTogether, restart } from './fault/kill.js';
import { brokerOutage, databaseOutage } from './fault/outage.js';
import { partnerBusy, partnerHalfFails, partnerHangs, partnerRefuses } from './fault/partner.js';
import { poison } from './fault/poison.js';
import { rebalance } from './fault/rebalance.js';
import { topicRecreated } from './fault/topic-recreated.js';
import { rollingRestart, twoCopies } from './fault/two-copies.js';
import { wrongCredentials } from './fault/wrong-credentials.js';

/** PostgreSQL takes INT for its fast stop, Kafka TERM for its orderly one. */
const ENGINES = [
  kill('database'),
  kill('broker'),
  restart('database', 'SIGINT'),
  restart('broker', 'SIGTERM'),
] as const;

const NAMES = SERVICES.map(({ name }) => name);
const ALL = NAMES.map(kill);

/** Every process role once, and both engines' orderly restarts. */
export const EACH_ONCE: readonly Fault[] = [...ALL, ...ENGINES];

/** The short run of `npm test`, of 15 kills: those through whose hands money and events go are killed twice. */
export const SHORT_RUN: readonly Fault[] = [
  ...EACH_ONCE,
  ...(['tickets', 'billing', 'partners', 'insights'] as const).map(kill),
];

/** Several at once: three services by turns, so that each dies beside four others, and all of them. */
const TOGETHER: readonly Fault[] = [
  ...NAMES.map((_, at) => {
    const three = [at, at + 1, at + 3].map((place) => NAMES[place % NAMES.length]!);
    return killTogether(`kill together ${three.join(', ')}`, three);
  }),
  killTogether('kill every service', NAMES),
];

/** What one round of the shuffle bag of kills holds: every service by itself, every fault of an engine, several at once. */
export const KILLS: readonly Fault[] = [...EACH_ONCE, ...TOGETHER];

const SCENARIOS: readonly Fault[] = [
  brokerOutage(),
  databaseOutage(),
  partnerHangs,
  partnerRefuses,
  partnerBusy,
  partnerHalfFails,
  poison,
  rebalance,
  topicRecreated,
  wrongCredentials,
  rollingRestart,
  twoCopies,
  ...NAMES.map(freeze),
  diskFull,
  ...(['tickets', 'billing', 'partners', 'organisation'] as const).map(wrongClock),
];

/** Everything that a platform without special needs bears. */
export const MIXED: readonly Fault[] = [...KILLS, ...SCENARIOS.filter(({ needs }) => needs === undefined)];

/** Faults by the name, or by how several names begin (`freeze`, `partner`). */
export const named = (name: string): readonly Fault[] =>
  [...EACH_ONCE, ...TOGETHER, ...SCENARIOS].filter(
    (fault) => fault.name === name || fault.name.startsWith(`${name} `),
  );

export const names = (): string[] => [...EACH_ONCE, ...TOGETHER, ...SCENARIOS].map(({ name }) => name);
