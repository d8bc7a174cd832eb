import type { SubscriptionState, Wish } from './subscription.rules.js';

export const DELIVERIES = ['webhook', 'topic'] as const;
export type Delivery = (typeof DELIVERIES)[number];

export const ENDPOINT_STATES = ['open', 'suspended', 'disabled'] as const;
export type EndpointState = (typeof ENDPOINT_STATES)[number];

/** A subscription with the state of its endpoint and how far it has come. */
export type Subscription = Wish &
  Readonly<{
    id: string;
    partnerId: string;
    client: string;
    name: string;
    endpointId: string;
    delivery: Delivery;
    address: string;
    state: SubscriptionState;
    stateReason: string | null;
    madeAt: Date;
    version: number;
    position: number;
    delivered: number;
    lastDeliveredAt: Date | null;
    parked: number;
    endpoint: Readonly<{
      state: EndpointState;
      failures: number;
      nextTryAt: Date | null;
      lastError: string | null;
    }>;
  }>;
