import {
  conflict,
  forbidden,
  notFound,
  unprocessable,
  type DomainError,
  type Role,
  type UnitKind,
} from '@steward/kernel';

export const grantNotFound = (): DomainError =>
  notFound('grant.not-found', 'There is no such grant in your scope.');

export const grantUnitUnknown = (): DomainError =>
  notFound('grant.unit-unknown', 'There is no such unit in your scope.');

export const roleDoesNotFit = (role: Role, kind: UnitKind, levels: readonly UnitKind[]): DomainError =>
  unprocessable(
    'grant.role-does-not-fit',
    levels.length === 0
      ? `The role ${role} is not granted to employees.`
      : `The role ${role} is bound to a ${levels.join(' or ')}, not to a ${kind}.`,
    [{ path: 'role', code: 'does-not-fit', detail: 'Choose another role, or another unit.' }],
    { role, kind, levels },
  );

export const mayNotGrant = (role: Role): DomainError =>
  forbidden('grant.not-allowed', `Your roles do not allow you to give or take the role ${role} here.`, {
    role,
  });

export const ownGrant = (): DomainError =>
  forbidden('grant.own', 'Nobody gives or takes roles of his own; ask headquarters.');

export const alreadyGranted = (role: Role): DomainError =>
  conflict(
    'grant.already-granted',
    `The employee holds the role ${role} in this unit during that time already.`,
    { role },
  );

export const alreadyRevoked = (): DomainError =>
  conflict('grant.already-revoked', 'The grant was revoked before.');

export const badPeriod = (): DomainError =>
  unprocessable('grant.bad-period', 'A grant ends after it begins, and not before now.', [
    { path: 'validTo', code: 'too-early', detail: 'Give a time after validFrom and after now.' },
  ]);

export const lastAdministrator = (): DomainError =>
  conflict(
    'grant.last-administrator',
    'Somebody has to hold hq-admin in the group without an end; grant it to another first.',
  );

export const granteeErased = (): DomainError =>
  conflict('grant.employee-erased', 'The employee was erased and gets no roles any more.');
