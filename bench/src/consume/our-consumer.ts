// Our side: the consumer runtime of libs/messaging as services use it.
import { readFileSync } from 'node:fs';
import { createKafka } from '@steward/messaging';
import { WorkerDatabase } from '@steward/platform';
import { answerOrders } from '../frame/answering.js';
import { startRuntime } from './our-runtime.js';
import type { ConsumerSettings, RunOrder, RunOutcome } from './run-order.js';

const settings = JSON.parse(readFileSync(process.env['CONSUMER_SETTINGS']!, 'utf8')) as ConsumerSettings;
const { brokers, databaseUrl, poolSize, concurrency } = settings;
const database = await WorkerDatabase.connect<WorkerDatabase>({ url: databaseUrl, name: 'bench', poolSize });
const kafka = createKafka({ brokers: [brokers], clientId: 'bench-ours' });

async function run({ consumer, messages }: RunOrder): Promise<RunOutcome> {
  let began = 0;
  let applied = 0;
  const done = Promise.withResolvers<number>();
  const runtime = startRuntime({
    ...{ database, kafka, consumer, transactions: concurrency },
    onFirst: () => (began = performance.now()),
    onApplied: (count) => {
      applied += count;
      if (applied >= messages) done.resolve(performance.now());
    },
  });
  const ended = await done.promise;
  await runtime.stop();
  return { operations: applied, seconds: (ended - began) / 1000 };
}

answerOrders(run);
process.send!({ ready: true });
