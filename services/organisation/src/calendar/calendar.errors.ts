import { forbidden, notFound, type DomainError } from '@steward/kernel';

export const calendarNotFound = (): DomainError =>
  notFound('calendar.not-found', 'There is no such calendar in your scope.');

export const calendarBranchUnknown = (): DomainError =>
  notFound('calendar.branch-unknown', 'There is no such branch in your scope.');

export const calendarRoleMissing = (): DomainError =>
  forbidden(
    'calendar.role-missing',
    "Calendars of the group are kept by headquarters, a branch's by its manager.",
  );

export const calendarBackdated = (): DomainError =>
  forbidden(
    'calendar.backdated',
    'A version that is effective before now can be set by headquarters only: deadlines were judged by the version before.',
  );
