import { forbidden, notFound, unprocessable, type DomainError } from '@steward/kernel';

export const grantNotFound = (): DomainError =>
  notFound('partner-grant.not-found', 'There is no such grant that you may see.');

export const typesUnknown = (types: readonly string[]): DomainError =>
  unprocessable('partner-grant.type-unknown', 'Some types of events are not in the catalogue.', undefined, {
    types,
  });

export const branchesUnknown = (branchIds: readonly string[]): DomainError =>
  unprocessable('partner-grant.branch-unknown', 'Some branches are not known.', undefined, { branchIds });

export const headquartersOnly = (): DomainError =>
  forbidden('partner-grant.headquarters-only', 'Grants are given over the whole group, not in one unit.');
