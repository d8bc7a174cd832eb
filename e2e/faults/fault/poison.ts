import { eventually } from '@steward/testing';
import { randomUUID } from 'node:crypto';
import type { Message } from 'kafkajs';
import { CONTEXTS, type ContextService } from '../check/evidence.js';
import { ADMINISTRATOR } from '../load/headquarters.js';
import type { Fault, Scene } from './fault.js';
import { brokerClient } from './topics-client.js';

type Poison = Readonly<{ topic: string; type: string; parksIn: readonly ContextService[] }>;

/** Topics, a type that is handled in each, and whose consumers stumble over it. */
const POISONED: readonly Poison[] = [
  { topic: 'tickets.v1', type: 'tickets.ticket-registered.v1', parksIn: ['insights', 'partners'] },
  { topic: 'billing.v1', type: 'billing.payment-received.v1', parksIn: ['partners'] },
  { topic: 'organisation.v1', type: 'organisation.unit-registered.v1', parksIn: [...CONTEXTS] },
];
const SOON = { timeoutMs: 180_000, intervalMs: 250 };

/**
 * Messages that nobody can apply lie on topics: without headers, with a value that is no JSON, with none at all. Each
 * waits aside, the rest goes on, and a person passes over them.
 */
export const poison: Fault = {
  name: 'poison',
  roles: ['insights', 'partners', 'tickets'],
  kills: 0,
  async apply({ platform }) {
    const producer = brokerClient(platform.brokers, 'poisoner').producer();
    await producer.connect();
    try {
      for (const { topic, type } of POISONED)
        await producer.send({ topic, messages: poisons(type, platform.planted) });
    } finally {
      await producer.disconnect();
    }
  },
  async meanwhile({ platform, working, say }) {
    const keys = [...platform.planted];
    for (const { topic, parksIn } of POISONED)
      for (const service of parksIn)
        await eventually(async () => (await parked(platform, service, keys, topic)).length > 0, SOON).catch(
          () => {
            throw new Error(`nothing of ${topic} is parked in ${service}`);
          },
        );
    for (const role of ['insights', 'partners', 'organisation'] as const) await working.seen(role);
    say('poison is parked, the rest goes on');
  },
  async heal({ platform, load, say }) {
    let skipped = 0;
    for (const service of CONTEXTS)
      for (const { id } of await parked(platform, service, [...platform.planted])) {
        const path = `/parked/${service}/${id}/skip`;
        const body = { reason: '测试：无法读取的消息' };
        await load.commander.send({ login: ADMINISTRATOR, method: 'POST', path, body });
        skipped += 1;
      }
    say(`${skipped} parked messages were passed over`);
  },
};

const parked = (
  platform: Scene['platform'],
  service: string,
  keys: readonly string[],
  topic?: string,
): Promise<{ id: string }[]> =>
  platform.sql<{ id: string }>(
    service,
    'select id from parked_event where key = any($1) and ($2::text is null or topic = $2)',
    [keys, topic ?? null],
  );

/** Each with a key of its own, so that nothing of the platform's waits behind it. */
function poisons(type: string, planted: Set<string>): Message[] {
  return [
    (key: string): Message => ({ key, value: 'no event at all' }),
    (key: string): Message => ({ key, value: '{"half of', headers: headersOf(type, key) }),
    (key: string): Message => ({ key, value: null, headers: headersOf(type, key) }),
    (key: string): Message => ({ key, value: '{}', headers: headersOf(type, key) }),
  ].map((make) => {
    const key = randomUUID();
    planted.add(key);
    return make(key);
  });
}

const headersOf = (type: string, key: string): Record<string, string> => ({
  'content-type': 'application/json',
  ce_specversion: '1.0',
  ce_id: randomUUID(),
  ce_type: type,
  ce_source: '/poison',
  ce_subject: key,
  ce_time: new Date().toISOString(),
  ce_sequence: '1',
  ce_recordedtime: new Date().toISOString(),
  ce_actor: 'nobody',
  ce_correlationid: randomUUID(),
  ce_origin: 'live',
  ce_late: 'false',
  ce_group: 'true',
});
