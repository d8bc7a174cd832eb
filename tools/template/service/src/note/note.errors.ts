import { notFound, type DomainError } from '@steward/kernel';

export const noteNotFound = (): DomainError =>
  notFound('note.not-found', 'There is no such note in your scope.');

export const branchUnknown = (): DomainError =>
  notFound('note.branch-unknown', 'There is no such branch in your scope.');
