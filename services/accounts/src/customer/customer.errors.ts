import { conflict, forbidden, notFound, unprocessable, type DomainError } from '@steward/kernel';

export const customerNotFound = (): DomainError =>
  notFound('customer.not-found', 'There is no such customer in your scope.');

export const branchUnknown = (): DomainError =>
  notFound('customer.branch-unknown', 'There is no such branch in your scope.');

export const siteUnknown = (): DomainError =>
  notFound('customer.site-unknown', 'The branch has no such site in your scope.');

export const customerRoleMissing = (): DomainError =>
  forbidden('customer.role-missing', 'Your roles in the branches of this customer do not allow this.');

/** Names no customer: whoever wants to see the candidates asks for them. */
export const possibleDuplicate = (count: number): DomainError =>
  conflict(
    'customer.possible-duplicate',
    'Customers like this one are in the master. Look at them (/api/v1/customers/duplicates), then link one or register with acceptDuplicates.',
    { count },
  );

export const customerErased = (): DomainError =>
  conflict('customer.erased', 'The personal values of this customer have been erased.');

export const customerMerged = (intoCustomerId: string): DomainError =>
  conflict('customer.merged', 'This customer was merged into another one; change that one.', {
    intoCustomerId,
  });

export const onLegalHold = (): DomainError =>
  conflict(
    'customer.legal-hold',
    'The record is under legal hold: nothing of it may be erased until the hold is lifted.',
  );

export const sightingUnknown = (): DomainError =>
  unprocessable(
    'customer.sighting-expired',
    'The proposal is not known any more. Look for duplicates again.',
    [{ path: 'token', code: 'expired', detail: 'Look for duplicates again.' }],
  );
