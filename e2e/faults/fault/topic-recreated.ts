import { eventually } from '@steward/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { ADMINISTRATOR } from '../load/headquarters.js';
import type { Fault } from './fault.js';
import { asAdmin, brokerClient } from './topics-client.js';

const SERVICE = 'tickets';
const TOPIC = `${SERVICE}.v1`;
const PARTITIONS = 12;
const EMPTY_MS = 10_000;
const LIMIT = { timeoutMs: 180_000, intervalMs: 250 };

/** Somebody deletes a topic and makes it again, empty. Consumers go on; `republish` brings everything back. */
export const topicRecreated: Fault = {
  name: 'topic recreated',
  roles: ['tickets', 'insights', 'partners'],
  kills: 0,
  async apply({ platform }) {
    platform.emptied.add(TOPIC);
    await asAdmin(brokerClient(platform.brokers, 'careless'), async (admin) => {
      await admin.deleteTopics({ topics: [TOPIC] });
      const topics = [{ topic: TOPIC, numPartitions: PARTITIONS, replicationFactor: 1 }];
      // it goes in the background; the service itself may make it first
      await eventually(async () => {
        await admin.createTopics({ topics, waitForLeaders: true }).catch(() => undefined);
        return (await admin.listTopics()).includes(TOPIC);
      }, LIMIT);
    });
    await pause(EMPTY_MS);
  },
  async heal({ platform, load }) {
    const path = `/republications/${SERVICE}`;
    const body = { reason: '主题被误删' };
    await load.commander.send({ login: ADMINISTRATOR, method: 'POST', path, body });
    const refilled = async () =>
      (await platform.sql(SERVICE, 'select from outbox_refill limit 1')).length === 0;
    await eventually(refilled, LIMIT);
  },
};
