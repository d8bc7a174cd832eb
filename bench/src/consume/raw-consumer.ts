// The baseline: kafkajs as it comes, `eachBatch`, one transaction per 500 messages with the statements of the guards and
// the effect. It knows nothing of failures: no parking, no repeat, no gaps, no contract, no trace, no health.
import { readFileSync } from 'node:fs';
import { Kafka, logLevel, type EachBatchPayload, type KafkaMessage } from 'kafkajs';
import pg from 'pg';
import type { TicketRegistered } from '@steward/contracts';
import { answerOrders } from '../frame/answering.js';
import { EFFECT, rowsOf } from './effect.js';
import type { ConsumerSettings, RunOrder, RunOutcome } from './run-order.js';

const CHUNK = 500;
const COMMIT_MS = 500;

const settings = JSON.parse(readFileSync(process.env['CONSUMER_SETTINGS']!, 'utf8')) as ConsumerSettings;
const { brokers, databaseUrl, topic, poolSize, concurrency, scope, statements } = settings;
const pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize });
const kafka = new Kafka({ brokers: [brokers], clientId: 'bench-raw', logLevel: logLevel.NOTHING });

const text = (message: KafkaMessage, name: string): string => String(message.headers![name]);
const list = (values: readonly string[]): string => `{${values.join(',')}}`;

async function apply(consumer: string, chunk: readonly KafkaMessage[]): Promise<void> {
  const events = chunk.map((message) => ({
    id: text(message, 'ce_id'),
    aggregate: text(message, 'ce_subject'),
    sequence: text(message, 'ce_sequence'),
    branch: text(message, 'ce_branch'),
    data: JSON.parse(message.value!.toString()) as TicketRegistered,
  }));
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(scope);
    const aggregates = list(events.map(({ aggregate }) => aggregate));
    const { rows } = await client.query<{ id: string; sequence: string }, string[]>({
      ...statements.read,
      values: [consumer, aggregates, topic],
    });
    const applied = new Map(rows.map(({ id, sequence }) => [id, Number(sequence)]));
    const due = events.filter(({ aggregate, sequence }) => Number(sequence) > (applied.get(aggregate) ?? 0));
    const guards = [
      due.map(({ aggregate }) => aggregate),
      due.map(({ sequence }) => sequence),
      due.map(({ id }) => id),
    ];
    await client.query({ ...statements.keep, values: [consumer, ...guards.map(list)] });
    await client.query(EFFECT, [consumer, rowsOf(due)]);
    await client.query('commit');
  } finally {
    client.release();
  }
}

async function run({ consumer, messages: expected }: RunOrder): Promise<RunOutcome> {
  let began = 0;
  let applied = 0;
  const done = Promise.withResolvers<number>();
  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { messages } = payload.batch;
    if (began === 0) began = performance.now();
    for (let at = 0; at < messages.length; at += CHUNK) {
      const chunk = messages.slice(at, at + CHUNK);
      await apply(consumer, chunk);
      applied += chunk.length;
      payload.resolveOffset(chunk.at(-1)!.offset);
      await payload.heartbeat();
    }
    if (applied >= expected) done.resolve(performance.now());
  };
  const member = kafka.consumer({ groupId: `raw.${consumer}` });
  await member.connect();
  await member.subscribe({ topics: [topic], fromBeginning: true });
  await member.run({
    autoCommitInterval: COMMIT_MS,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: concurrency,
    eachBatch: (payload) => eachBatch(payload).catch(done.reject),
  });
  const ended = await done.promise;
  await member.disconnect();
  return { operations: applied, seconds: (ended - began) / 1000 };
}

answerOrders(run);
process.send!({ ready: true });
