import { eventually } from '@steward/testing';
import type { WebhookReceiver } from '@steward/tools';
import { topicOf, type Checked, type Evidence, type Finding } from './evidence.js';

/** What the partner of the crash test is granted. */
export const DELIVERED = [
  'billing.charge-raised.v1',
  'billing.charge-allocated.v1',
  'billing.invoice-issued.v1',
  'billing.payment-received.v1',
] as const;

const LIMIT_MS = 240_000;

/** The partner has each granted event, no other, signed, and those of one record in order of their first arrival. */
export async function checkDeliveries({ topics }: Evidence, receiver: WebhookReceiver): Promise<Checked> {
  const messages = topics.get(topicOf('billing'))!;
  const granted = new Set(
    messages
      .filter(({ headers }) => (DELIVERED as readonly string[]).includes(headers['ce_type'] ?? ''))
      .map(({ headers }) => headers['ce_id']!),
  );
  const where = 'the receiver of the partner';
  const has = () => new Set(receiver.deliveries.map(({ webhookId }) => webhookId));
  await eventually(() => [...granted].every((id) => has().has(id)), {
    timeoutMs: LIMIT_MS,
    intervalMs: 500,
  }).catch(() => undefined);
  const came = has();
  const findings: Finding[] = [
    ...[...granted].filter((id) => !came.has(id)).map((id) => ({ what: `${id} never came`, where })),
    ...[...came].filter((id) => !granted.has(id)).map((id) => ({ what: `${id} was not granted`, where })),
  ];
  const seen = new Set<string>();
  const places = new Map<string, number>();
  for (const { webhookId, signed, event } of receiver.deliveries) {
    if (!signed) findings.push({ what: `${webhookId} is not signed`, where });
    if (seen.has(webhookId)) continue;
    seen.add(webhookId);
    if ((places.get(event.aggregateId) ?? 0) >= event.sequence)
      findings.push({ what: `${webhookId} of ${event.aggregateId} came out of order`, where });
    places.set(event.aggregateId, event.sequence);
  }
  return { name: 'delivered = granted, in order', rows: receiver.deliveries.length, findings };
}
