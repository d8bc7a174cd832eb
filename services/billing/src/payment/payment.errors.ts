import { notFound, unprocessable, type DomainError } from '@steward/kernel';

export const paymentNotFound = (): DomainError =>
  notFound('payment.not-found', 'There is no such payment in your scope.');

export const accountUnknown = (): DomainError =>
  unprocessable('payment.account-unknown', 'The branch has no such billing account.', [
    { path: 'accountId', code: 'unknown', detail: 'Choose an account of the branch.' },
  ]);

export const receivedInFuture = (): DomainError =>
  unprocessable('payment.received-in-future', 'Money cannot have come in in the future.', [
    { path: 'receivedAt', code: 'future', detail: 'Give a time up to now, or leave it out.' },
  ]);

export const providerIncomplete = (): DomainError =>
  unprocessable(
    'payment.provider-id-missing',
    'A provider and its id of the payment go together, so that the payment is booked once.',
    [{ path: 'providerId', code: 'missing', detail: 'Give the id that the provider gave the payment.' }],
  );

export const cashByMachine = (): DomainError =>
  unprocessable('payment.cash-without-cashier', 'Cash is taken by a cashier, not by a machine client.', [
    { path: 'method', code: 'cash', detail: 'Choose another method.' },
  ]);

export const currencyDiffers = (): DomainError =>
  unprocessable('payment.currency-differs', 'The amount is in another currency than the payment.', [
    { path: 'amount.currency', code: 'differs', detail: 'Use the currency of the payment.' },
  ]);
