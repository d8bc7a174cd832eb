import { notFound, type DomainError } from '@steward/kernel';

export const accountNotFound = (): DomainError =>
  notFound('billing-account.not-found', 'There is no such billing account in your scope.');
