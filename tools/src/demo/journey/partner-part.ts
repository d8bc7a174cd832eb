import { ApiError } from '../api-client.js';
import type { Cast } from './cast.js';
import type { WebhookReceiver } from './webhook-receiver.js';

/** What the partner of the journey is told: each happens in it once or more. */
export const GRANTED = [
  'tickets.ticket-registered.v1',
  'tickets.ticket-completed.v1',
  'tickets.ticket-paid.v1',
  'billing.charge-raised.v1',
  'billing.charge-allocated.v1',
] as const;

export const CLIENT = 'demo-partner';
type Grant = { id: string; eventTypes: readonly string[] };
type Subscription = { id: string; version: number; address: string };

/** Headquarters grants, the partner subscribes with the address of its receiver and reads its secret. */
export async function partnerSubscribes(
  cast: Cast,
  receiver: WebhookReceiver,
  types: readonly string[] = GRANTED,
): Promise<void> {
  const query = { client: CLIENT, state: 'active' };
  const { items } = await cast.headquarters.get<{ items: Grant[] }>('/partner-grants', query);
  if (!items.some(({ eventTypes }) => types.every((type) => eventTypes.includes(type))))
    await cast.headquarters.post('/partner-grants', {
      ...{ client: CLIENT, name: '支付通道 Payment provider', eventTypes: types },
      ...{ branchIds: null, personalFields: ['customer'] },
    });
  const body = { name: 'The journey', eventTypes: types, address: receiver.address };
  const { id } = await cast.partner.post<Subscription>('/subscriptions', body);
  const secrets = await cast.partner.get<{ items: { secret: string }[] }>(`/subscriptions/${id}/secrets`);
  const [newest] = secrets.items;
  if (!newest) throw new ApiError('GET', `/subscriptions/${id}/secrets`, 200, '', 'holds no secret');
  receiver.secret = newest.secret;
  receiver.subscriptionId = id;
}

/** Gives the subscription up, so that the next journey's receiver is the only one. */
export async function partnerLeaves({ partner }: Cast, { subscriptionId }: WebhookReceiver): Promise<void> {
  const path = `/subscriptions/${subscriptionId}`;
  const { version } = await partner.get<Subscription>(path);
  await partner.delete(path, version);
}
