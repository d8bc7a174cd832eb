import { conflict, notFound, unprocessable, type DomainError } from '@steward/kernel';

export const subscriptionNotFound = (): DomainError =>
  notFound('subscription.not-found', 'There is no such subscription of yours.');

export const notGranted = (beyond: { eventTypes: string[]; branchIds: string[] }): DomainError =>
  unprocessable(
    'subscription.not-granted',
    'No grant of headquarters covers this. See /api/v1/partner-grants.',
    undefined,
    beyond,
  );

export const addressRefused = (fault: string): DomainError =>
  unprocessable(
    'subscription.address-refused',
    'The address must be https, without a password, and outside of the network of the platform.',
    [{ path: 'address', code: fault, detail: 'This address is not called.' }],
  );

export const tooManySubscriptions = (limit: number): DomainError =>
  conflict('subscription.too-many', `A partner has at most ${limit} subscriptions.`, { limit });

export const eventUnknown = (): DomainError =>
  notFound('subscription.event-unknown', 'The log does not have this event any more, or never had.');

export const notParked = (): DomainError =>
  conflict('subscription.not-parked', 'This event is not parked in the subscription.');

export const parkedBehind = (): DomainError =>
  conflict(
    'subscription.parked-behind',
    'The event only waits behind an earlier one of the same record. Skip or resend that one.',
  );
