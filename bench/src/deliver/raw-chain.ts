// The baseline: each event produced by kafkajs as it comes, consumed by `eachBatch` of the same process and posted, eight
// at once. No database, no order of records, no grants, no signature, no cursor, no repeats.
import { readFileSync } from 'node:fs';
import { toHeaders, TicketStarted } from '@steward/contracts';
import { newId } from '@steward/kernel';
import { Kafka, logLevel } from 'kafkajs';
import { Pool } from 'undici';
import { answerOrders } from '../frame/answering.js';
import { moment, steadily, type DeliverSettings, type SourceOrder } from './order.js';

const AT_ONCE = 8;
const COMMIT_MS = 500;

const settings = JSON.parse(readFileSync(process.env['DELIVER_SETTINGS']!, 'utf8')) as DeliverSettings;
const { brokers, prefix, branchIds, receiverUrl } = settings;
const topic = `${prefix}raw`;
const kafka = new Kafka({ brokers: [brokers], clientId: 'bench-raw', logLevel: logLevel.NOTHING });
const { origin, pathname } = new URL(receiverUrl);
const http = new Pool(origin, { connections: AT_ONCE, pipelining: 1 });
const producer = kafka.producer();
const consumer = kafka.consumer({ groupId: `${prefix}raw` });

async function post(body: string): Promise<void> {
  const answer = await http.request({
    path: pathname,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  await answer.body.dump();
}

await producer.connect();
await consumer.connect();
await consumer.subscribe({ topics: [topic] });
const joined = Promise.withResolvers<void>();
consumer.on(consumer.events.GROUP_JOIN, () => joined.resolve());
await consumer.run({
  autoCommitInterval: COMMIT_MS,
  partitionsConsumedConcurrently: AT_ONCE,
  eachBatch: async (given) => {
    for (const message of given.batch.messages) {
      await post(message.value!.toString());
      given.resolveOffset(message.offset);
    }
  },
});
await joined.promise;

async function produce(index: number, produced: Record<string, string>): Promise<void> {
  const ticketId = newId();
  const now = new Date();
  const branch = branchIds[index % branchIds.length]!;
  const common = { id: newId(), type: TicketStarted.type, subject: ticketId, time: now, branch, sequence: 1 };
  const rest = { source: 'tickets', recordedTime: now, actor: 'bench', correlationId: ticketId } as const;
  const headers = toHeaders({ ...common, ...rest, origin: 'live', late: false });
  const data = { ticketId, startedAt: now.toISOString() };
  // as long as the webhook of ours
  const { time, ...told } = common;
  const value = JSON.stringify({
    ...told,
    timestamp: time,
    aggregateId: ticketId,
    recordedAt: now,
    late: false,
    data,
  });
  produced[ticketId] = moment();
  await producer.send({ topic, acks: -1, messages: [{ key: ticketId, value, headers }] });
}

async function run(order: SourceOrder): Promise<Record<string, string>> {
  const produced: Record<string, string> = {};
  await steadily(order, (index) => produce(index, produced));
  return produced;
}

answerOrders(run);
process.send!({ ready: true });
