import {
  conflict,
  forbidden,
  notFound,
  unprocessable,
  type DomainError,
  type UnitKind,
} from '@steward/kernel';

export const unitNotFound = (): DomainError =>
  notFound('unit.not-found', 'There is no such unit in your scope.');

export const parentUnknown = (): DomainError =>
  notFound('unit.parent-unknown', 'There is no such unit to put it under in your scope.');

export const keeperMissing = (kind: UnitKind): DomainError =>
  forbidden('unit.role-missing', `Your roles do not allow this on a ${kind}.`);

export const parentDoesNotFit = (kind: UnitKind, parent: UnitKind): DomainError =>
  unprocessable('unit.parent-does-not-fit', `A ${kind} cannot stand under a ${parent}.`, [
    {
      path: 'parentId',
      code: 'does-not-fit',
      detail: 'Group → region → branch → site; a branch may stand under the group.',
    },
  ]);

export const parentClosed = (): DomainError =>
  conflict('unit.parent-closed', 'The unit above is closed. Open it again first.');

export const openUnitsBelow = (count: number): DomainError =>
  conflict('unit.open-units-below', `${count} open unit(s) stand below. Close them first.`, { count });

export const codeTaken = (code: string): DomainError =>
  conflict('unit.code-taken', `Another unit has the code ${code}.`, { code });

export const zoneMissing = (field: 'timeZone' | 'locale'): DomainError =>
  unprocessable('unit.zone-missing', `A branch needs a ${field}, and no unit above has one.`, [
    { path: field, code: 'required', detail: 'Give it for the branch.' },
  ]);

export const calendarUnknown = (): DomainError =>
  unprocessable('unit.calendar-unknown', 'There is no such calendar of the group or of this branch.', [
    { path: 'calendarId', code: 'unknown', detail: 'Choose a calendar of the group or of the branch.' },
  ]);
