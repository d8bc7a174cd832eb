// Our side's beginning: facts of tickets as the tickets service states them, by the outbox in a transaction of its own and
// the relay beside it. Tells for each when its transaction had committed.
import { readFileSync } from 'node:fs';
import { TicketStarted } from '@steward/contracts';
import { newId } from '@steward/kernel';
import { createKafka, Outbox, OutboxRelay, Wake } from '@steward/messaging';
import { Database, scopeOf, systemContext, WorkerDatabase } from '@steward/platform';
import { answerOrders } from '../frame/answering.js';
import { moment, steadily, type DeliverSettings, type SourceOrder } from './order.js';

const settings = JSON.parse(readFileSync(process.env['DELIVER_SETTINGS']!, 'utf8')) as DeliverSettings;
const { brokers, prefix, appUrl, workerUrl, branchIds, poolSize } = settings;
const kafka = createKafka({ brokers: [brokers], clientId: 'bench-source', topicPrefix: prefix });
const database = await Database.connect<Database>({ url: appUrl, name: 'bench-source', poolSize });
const worker = await WorkerDatabase.connect<WorkerDatabase>({
  url: workerUrl,
  name: 'bench-relay',
  poolSize,
});
const wake = new Wake();
const outbox = new Outbox([TicketStarted.topic], wake);
new OutboxRelay({ database: worker, kafka, service: 'tickets', wake }).start();

async function state(index: number, committed: Record<string, string>): Promise<void> {
  const ticketId = newId();
  const branchId = branchIds[index % branchIds.length]!;
  const now = new Date();
  const ctx = systemContext('bench', scopeOf([branchId]), now);
  await database.transaction(ctx.scope, async (tx) => {
    // before the outbox's own hook, which wakes the relay
    tx.afterCommit(() => (committed[ticketId] = moment()));
    await outbox.append(tx, ctx, {
      definition: TicketStarted,
      ...{ aggregateId: ticketId, branchId, sequence: 1, occurredAt: now },
      data: { ticketId, startedAt: now.toISOString() },
    });
  });
}

async function run(order: SourceOrder): Promise<Record<string, string>> {
  const committed: Record<string, string> = {};
  await steadily(order, (index) => state(index, committed));
  return committed;
}

answerOrders(run);
process.send!({ ready: true });
