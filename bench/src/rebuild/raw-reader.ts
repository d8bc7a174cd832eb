// The baseline of a rebuild: kafkajs `eachBatch` reads the topic from its beginning and parses every message; nothing else.
import { Kafka, logLevel } from 'kafkajs';
import { answerOrders } from '../frame/answering.js';

type Order = Readonly<{ topic: string; group: string; messages: number }>;

const kafka = new Kafka({
  brokers: [process.env['BROKERS']!],
  clientId: 'bench-raw-reader',
  logLevel: logLevel.NOTHING,
});

async function run({ topic, group, messages }: Order): Promise<{ operations: number; seconds: number }> {
  const done = Promise.withResolvers<number>();
  let began = 0;
  let read = 0;
  const consumer = kafka.consumer({ groupId: group });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommitInterval: 500,
    partitionsConsumedConcurrently: 2,
    eachBatch: async (given) => {
      const { messages: batch } = given.batch;
      if (began === 0) began = performance.now();
      for (const message of batch) {
        JSON.parse(message.value!.toString());
        given.resolveOffset(message.offset);
      }
      read += batch.length;
      await given.heartbeat();
      if (read >= messages) done.resolve(performance.now());
    },
  });
  const ended = await done.promise;
  await consumer.disconnect();
  return { operations: read, seconds: (ended - began) / 1000 };
}

answerOrders(run);
process.send!({ ready: true });
