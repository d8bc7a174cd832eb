import { conflict, forbidden, notFound, type DomainError } from '@steward/kernel';

export const employeeNotFound = (): DomainError =>
  notFound('employee.not-found', 'There is no such employee in your scope.');

export const homeUnitUnknown = (): DomainError =>
  notFound('employee.home-unit-unknown', 'There is no such home unit in your scope.');

export const subjectTaken = (subject: string): DomainError =>
  conflict('employee.subject-taken', `An employee with the subject ${subject} is registered already.`, {
    subject,
  });

export const employeeRoleMissing = (): DomainError =>
  forbidden('employee.role-missing', 'Your roles in the home branch of this employee do not allow this.');

export const employeeErased = (): DomainError =>
  conflict('employee.erased', 'The personal values of this employee have been erased.');

export const onLegalHold = (): DomainError =>
  conflict(
    'employee.legal-hold',
    'The record is under legal hold: nothing of it may be erased until the hold is lifted.',
  );

export const holdsRole = (): DomainError =>
  conflict('employee.holds-role', 'This employee holds a role; the schedule erases former employees only.');
