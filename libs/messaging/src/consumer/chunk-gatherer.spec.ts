import { describe, expect, it } from '@jest/globals';
import type { KafkaMessage } from '../kafka/group-consumer.js';
import { CHUNK_MESSAGES, ChunkGatherer, type Chunk, type Outcome } from './chunk-gatherer.js';

const chunk = (topic: string, partition: number, size = 1): Chunk => ({
  place: { topic, partition },
  messages: new Array<KafkaMessage>(size),
});

/** A gatherer whose groups end when they are told to, and the partitions of each group that has begun. */
function gathering(atOnce = 2) {
  const begun: string[][] = [];
  const ends: (() => void)[] = [];
  const gatherer = new ChunkGatherer({
    kindOf: ({ topic }) => (topic.startsWith('personal') ? topic : 'events'),
    atOnce,
    apply: async (chunks) => {
      begun.push(chunks.map(({ place }) => `${place.topic}/${place.partition}`));
      await new Promise<void>((end) => ends.push(end));
      return chunks.map(({ messages }): Outcome => ({ done: messages.length, parked: 0 }));
    },
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const end = async (): Promise<void> => {
    ends.shift()!();
    for (let n = 0; n < 3; n += 1) await turn();
  };
  return { gatherer, begun, turn, end };
}

describe('chunks of partitions', () => {
  it('that come together share a group, and what comes meanwhile goes into the next', async () => {
    const { gatherer, begun, turn, end } = gathering();
    const first = [gatherer.add(chunk('a', 0)), gatherer.add(chunk('b', 1, 2))];
    await turn();
    const next = [gatherer.add(chunk('a', 1)), gatherer.add(chunk('a', 2))];
    await turn();
    expect(begun).toEqual([['a/0', 'b/1']]);
    await end();
    expect(await Promise.all(first)).toEqual([
      { done: 1, parked: 0 },
      { done: 2, parked: 0 },
    ]);
    expect(begun).toEqual([
      ['a/0', 'b/1'],
      ['a/1', 'a/2'],
    ]);
    await end();
    await Promise.all(next);
  });

  it('are worked on at the same time only while there is a backlog, and no more than so many', async () => {
    const { gatherer, begun, turn, end } = gathering(2);
    for (let partition = 0; partition < 3; partition += 1)
      void gatherer.add(chunk('a', partition, CHUNK_MESSAGES));
    await turn();
    expect(begun).toEqual([['a/0'], ['a/1']]);
    await end();
    expect(begun).toEqual([['a/0'], ['a/1'], ['a/2']]);
    void gatherer.add(chunk('a', 0, 10));
    await end();
    expect(begun).toHaveLength(3);
    await end();
    expect(begun[3]).toEqual(['a/0']);
    await end();
  });

  it('of different kinds do not go together', async () => {
    const { gatherer, begun, turn, end } = gathering();
    void gatherer.add(chunk('personal-a', 0));
    void gatherer.add(chunk('a', 0));
    void gatherer.add(chunk('personal-a', 1));
    await turn();
    expect(begun).toEqual([['personal-a/0', 'personal-a/1']]);
    await end();
    expect(begun[1]).toEqual(['a/0']);
    await end();
  });
});
