import { eventually } from '@steward/testing';
import { API_SERVICE_NAMES, type ServiceName } from '@steward/tools';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Scene } from './fault.js';

const OUTAGE_MS = 60_000;
const NOTICED = { timeoutMs: OUTAGE_MS, intervalMs: 500 };

/** Kafka is away: work goes on, events wait, and every service says what is missing. */
export const brokerOutage = (): Fault => {
  let over: Promise<unknown>;
  return {
    name: 'outage broker',
    roles: ['broker', 'insights', 'partners'],
    kills: 1,
    apply: ({ platform }) => platform.takeAway('broker', (over = pause(OUTAGE_MS))),
    async meanwhile({ platform, load }) {
      const [desk] = load.desks;
      const { status } = await load.commander.send({
        login: desk!.clerk,
        method: 'POST',
        path: '/tickets',
        body: { branchId: desk!.branchId, kind: 'inquiry', channel: 'hotline', content: 'Kafka 不在' },
      });
      if (status !== 201) throw new Error(`a ticket was refused with ${status}`);
      for (const service of API_SERVICE_NAMES) await notReady(platform, service, /directory|relay/);
      await over;
    },
  };
};

/** PostgreSQL is away: every service stays, says so, and goes on when it is back. */
export const databaseOutage = (): Fault => {
  let over: Promise<unknown>;
  return {
    name: 'outage database',
    roles: ['database', 'tickets', 'billing', 'partners'],
    kills: 1,
    apply: ({ platform }) => platform.takeAway('database', (over = pause(OUTAGE_MS))),
    async meanwhile({ platform, load }) {
      for (const service of ['identity', ...API_SERVICE_NAMES] as const)
        await notReady(platform, service, /database/);
      await refusedInTime(load);
      await over;
    },
  };
};

/** Throws unless the service says before long that it is not ready, and names the part. */
export async function notReady(
  platform: Scene['platform'],
  service: ServiceName,
  part: RegExp,
  why = /./,
): Promise<void> {
  let told = await platform.told(service);
  const says = () =>
    told.status === 503 &&
    Object.entries(told.checks).some(
      ([name, { ok, detail = '-' }]) => !ok && part.test(name) && why.test(detail),
    );
  await eventually(async () => {
    told = await platform.told(service);
    return says();
  }, NOTICED).catch(() => {
    throw new Error(`${service} does not say what is missing: ${JSON.stringify(told)}`);
  });
}

/** The door answers with a problem of its own and does not hang. */
async function refusedInTime({ tokens, gateway }: Load): Promise<void> {
  const token = tokens.last('hq.admin');
  const answer = await fetch(`${gateway}/api/v1/units`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(OUTAGE_MS),
  });
  const type = answer.headers.get('content-type') ?? '';
  if (answer.status < 400 || !type.includes('problem+json'))
    throw new Error(`the gateway answered ${answer.status} ${type} without a database`);
}

type Load = Scene['load'];
