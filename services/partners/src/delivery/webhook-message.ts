import type { PartnerEvent } from '../log/partner-event.js';
import { signatures } from '../subscription/signature.rules.js';
import type { WebhookRequest } from './webhook-sender.js';

/** The webhook of an event: Standard Webhooks headers, signed by every live secret over this very body and time. */
export function webhookOf(
  event: PartnerEvent,
  address: string,
  keys: readonly Buffer[],
  now: Date,
  trace?: string,
): WebhookRequest {
  const body = JSON.stringify(event);
  const timestamp = Math.floor(now.getTime() / 1000);
  return {
    address,
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Steward-Webhooks/1',
      'webhook-id': event.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatures(keys, event.id, timestamp, body),
      ...(trace === undefined ? {} : { traceparent: trace }),
    },
  };
}
