import { toHeaders, TicketRegistered } from '@steward/contracts';
import { newId } from '@steward/kernel';
import type { Kafka, OutgoingMessage } from '@steward/messaging';

const BATCH = 2000;

function eventOf(index: number, branch: string): OutgoingMessage {
  const now = new Date();
  const ticketId = newId();
  const instant = now.toISOString();
  const data: TicketRegistered = {
    ticketId,
    number: `B01-T-2026-${String(index).padStart(6, '0')}`,
    kind: 'repair',
    channel: 'hotline',
    categoryCode: null,
    siteId: null,
    priority: 'normal',
    receivedAt: instant,
    registeredAt: instant,
    dueAt: instant,
    dueMissing: null,
    source: null,
    externalId: null,
  };
  const headers = toHeaders({
    ...{ id: newId(), type: TicketRegistered.type, source: 'tickets', subject: ticketId, time: now, branch },
    ...{
      sequence: 1,
      recordedTime: now,
      actor: 'bench',
      correlationId: ticketId,
      origin: 'live',
      late: false,
    },
  });
  const value = JSON.stringify(TicketRegistered.parseStrict(data));
  return { topic: TicketRegistered.topic, key: ticketId, value, headers };
}

/** Fills the topic with registrations in turn of all branches, one per ticket. */
export async function fillTopic(kafka: Kafka, count: number, branches: readonly string[]): Promise<void> {
  await kafka.topics.ensure([{ name: TicketRegistered.topic, kind: 'events' }]);
  const publisher = kafka.publisher();
  for (let at = 0; at < count; at += BATCH) {
    const size = Math.min(BATCH, count - at);
    await publisher.publish(
      Array.from({ length: size }, (_, i) => eventOf(at + i, branches[(at + i) % branches.length]!)),
    );
  }
  await publisher.close();
}
