import { conflict, type Role } from '@steward/kernel';
import type { Delivery } from './subscription.js';
import { permitted, type Granted, type Placed } from '../log/reduce.rules.js';

export const SUBSCRIPTION_STATES = ['active', 'paused', 'disabled', 'ended'] as const;
export type SubscriptionState = (typeof SUBSCRIPTION_STATES)[number];

export const SUBSCRIPTION_ACTIONS = [
  'change',
  'pause',
  'resume',
  'test',
  'replay',
  'rotate-secret',
  'end',
] as const;
export type SubscriptionAction = (typeof SUBSCRIPTION_ACTIONS)[number];

/** What headquarters has in hand of a subscription that is written to a topic, or what only webhooks have. */
const NOT_OF_TOPICS: readonly SubscriptionAction[] = ['test', 'rotate-secret', 'end'];

export const OWNERS: readonly [Role, ...Role[]] = ['partner'];
export const WATCHERS: readonly [Role, ...Role[]] = ['partner', 'hq-admin', 'hq-auditor'];

/** What a subscription takes beyond types and branches; a field counts when one of the values is equal to it. */
export type EventFilter = Readonly<{
  aggregateIds?: readonly string[];
  fields?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  imported: boolean;
}>;

/** What a subscription asks for; `branchIds` null means all that are granted. */
export type Wish = Readonly<{
  eventTypes: readonly string[];
  branchIds: readonly string[] | null;
  filter: EventFilter;
}>;

/** The facts of an event that a wish looks at. */
export type Wished = Placed & Readonly<{ aggregateId: string; origin: string; data: unknown }>;

/** Whether the subscription takes the event. What the partner may not see, it cannot filter by either: give the reduced one. */
export function wanted({ eventTypes, branchIds, filter }: Wish, event: Wished): boolean {
  if (!eventTypes.includes(event.type)) return false;
  if (branchIds !== null && (event.branchId === null || !branchIds.includes(event.branchId))) return false;
  if (!filter.imported && event.origin === 'import') return false;
  if (filter.aggregateIds && !filter.aggregateIds.includes(event.aggregateId)) return false;
  return Object.entries(filter.fields ?? {}).every(([name, values]) =>
    values.includes((event.data as Record<string, string>)[name] as string),
  );
}

/** What of a wish no grant covers: a subscription names only what is granted (PTR-02). */
export function beyondGrant(wish: Wish, granted: Granted): { eventTypes: string[]; branchIds: string[] } {
  const covers = (type: string, branchId: string | null) => permitted(granted, { type, branchId }) !== null;
  const typed = (type: string) => granted.grants.some(({ eventTypes }) => eventTypes.includes(type));
  const branchIds = (wish.branchIds ?? []).filter(
    (branchId) => !wish.eventTypes.some((type) => covers(type, branchId)),
  );
  return { eventTypes: wish.eventTypes.filter((type) => !typed(type)), branchIds };
}

const FROM: Readonly<Record<'pause' | 'resume', readonly SubscriptionState[]>> = {
  pause: ['active'],
  resume: ['paused', 'disabled'],
};

/** The state after a pause or its end. Throws `subscription.wrong-state` or `subscription.ended`. */
export function stateAfter(action: 'pause' | 'resume', state: SubscriptionState): SubscriptionState {
  mustLive(state);
  if (!FROM[action].includes(state))
    throw conflict('subscription.wrong-state', `The subscription is ${state}.`, { state });
  return action === 'pause' ? 'paused' : 'active';
}

/** Throws `subscription.ended`. */
export function mustLive(state: SubscriptionState): void {
  if (state === 'ended')
    throw conflict('subscription.ended', 'The subscription was given up. Make a new one.');
}

/** Throws `subscription.of-topic`. */
export function mustBeWebhook(delivery: Delivery): void {
  if (delivery === 'topic')
    throw conflict(
      'subscription.of-topic',
      'It is written to a topic, which has no address, secret or test; headquarters closes it.',
    );
}

/** What its owner may do with the subscription now; nothing for anybody else. */
export function subscriptionActions(
  state: SubscriptionState,
  isOwner: boolean,
  delivery: Delivery,
): SubscriptionAction[] {
  if (!isOwner || state === 'ended') return [];
  return SUBSCRIPTION_ACTIONS.filter(
    (action) =>
      ((action !== 'pause' && action !== 'resume') || FROM[action].includes(state)) &&
      (delivery === 'webhook' || !NOT_OF_TOPICS.includes(action)),
  );
}
