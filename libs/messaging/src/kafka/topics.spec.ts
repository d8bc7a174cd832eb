import { describe, expect, it } from '@jest/globals';
import type { Kafka as KafkaClient } from 'kafkajs';
import { isRetriable } from './group-consumer.js';
import { Topics } from './topics.js';

/** Clients of which the first ones lost their connection while it was being made. */
function clients(broken: number): { client: KafkaClient; left: string[] } {
  const left: string[] = [];
  let made = 0;
  const admin = () => {
    const index = (made += 1);
    return {
      connect: () => Promise.resolve(),
      disconnect: () => Promise.resolve(left.push(`client ${index}`)),
      listTopics: () =>
        index <= broken ? Promise.reject(new Error('Broker not connected')) : Promise.resolve(['tickets.v1']),
    };
  };
  return { client: { admin } as unknown as KafkaClient, left };
}

describe('a connection that was lost while it was being made', () => {
  it('is made anew by the next question', async () => {
    const { client, left } = clients(1);
    const topics = new Topics(client);
    await expect(topics.missing(['tickets.v1'])).rejects.toThrow('Broker not connected');
    expect(await topics.missing(['tickets.v1', 'billing.v1'])).toEqual(['billing.v1']);
    expect(left).toEqual(['client 1']);
  });

  it('is no reason to give up', () => {
    expect(isRetriable(new Error('in vain', { cause: new Error('Broker not connected') }))).toBe(true);
    expect(isRetriable(new Error('The group is not authorised'))).toBe(false);
  });
});
