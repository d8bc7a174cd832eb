import { conflict, notFound, unprocessable, type DomainError } from '@steward/kernel';

export const ticketNotFound = (): DomainError =>
  notFound('ticket.not-found', 'There is no such ticket in your scope.');

export const siteUnknown = (): DomainError =>
  unprocessable('ticket.site-unknown', 'The site is not one of the branch.', [
    { path: 'siteId', code: 'unknown', detail: 'Choose a site of the branch.' },
  ]);

export const branchUnknown = (): DomainError =>
  notFound('ticket.branch-unknown', 'There is no such branch in your scope.');

export const categoryUnknown = (code: string): DomainError =>
  unprocessable('ticket.category-unknown', `The branch has no active category ${code}.`, [
    { path: 'categoryCode', code: 'unknown', detail: 'Choose a category of the branch, or leave it empty.' },
  ]);

export const pauseInPast = (): DomainError =>
  unprocessable('ticket.pause-in-past', 'A pause ends in the future.', [
    { path: 'until', code: 'past', detail: 'Give a time after now.' },
  ]);

export const pauseTooLong = (): DomainError =>
  unprocessable(
    'ticket.pause-too-long',
    'A pause lasts a year at most. Cancel the ticket, or pause it again then.',
    [{ path: 'until', code: 'too-late', detail: 'Give a time within 366 days.' }],
  );

export const assigneeUnknown = (): DomainError =>
  unprocessable('ticket.assignee-unknown', 'Nobody with this id works on tickets of this branch or site.', [
    { path: 'assigneeId', code: 'unknown', detail: 'Choose an employee who works on tickets there.' },
  ]);

export const receivedInFuture = (): DomainError =>
  unprocessable('ticket.received-in-future', 'A ticket cannot have been received in the future.', [
    { path: 'receivedAt', code: 'future', detail: 'Give a time up to now, or leave it out.' },
  ]);

export const customerUnknown = (): DomainError =>
  unprocessable('ticket.customer-unknown', 'The branch has no such customer.', [
    { path: 'customerId', code: 'unknown', detail: 'Choose a customer of the branch, or leave it empty.' },
  ]);

export const propertyUnitUnknown = (): DomainError =>
  unprocessable('ticket.property-unit-unknown', 'The branch or site has no such property unit in use.', [
    { path: 'propertyUnitId', code: 'unknown', detail: 'Choose a unit of the branch, or leave it empty.' },
  ]);

export const ticketCharged = (): DomainError =>
  conflict('ticket.charged', 'The work was charged; whom it was charged to stays as it is.');
