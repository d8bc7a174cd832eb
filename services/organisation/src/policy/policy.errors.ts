import {
  conflict,
  forbidden,
  notFound,
  unprocessable,
  type DomainError,
  type PolicyDefinition,
  type UnitKind,
} from '@steward/kernel';
import type { StoredPolicyValue } from './policy.entity.js';

export const keyUnknown = (key: string): DomainError =>
  unprocessable('policy.key-unknown', `There is no parameter ${key}.`, [
    {
      path: 'key',
      code: 'unknown',
      detail: 'The catalogue lists all parameters: GET /api/v1/policies/definitions.',
    },
  ]);

export const policyUnitUnknown = (): DomainError =>
  notFound('policy.unit-unknown', 'There is no such unit in your scope.');

export const codeAmbiguous = (code: string): DomainError =>
  unprocessable('policy.unit-ambiguous', `Several units have the code ${code}.`, [
    { path: 'unit', code: 'ambiguous', detail: 'Name the unit by its id.' },
  ]);

export const levelNotAllowed = ({ key, levels }: PolicyDefinition, kind: UnitKind): DomainError =>
  unprocessable(
    'policy.level-not-allowed',
    `${key} is set for a ${levels.join(' or ')}, not for a ${kind}.`,
    [{ path: 'unitId', code: 'level-not-allowed', detail: 'Choose a unit of another kind.' }],
  );

export const setterMissing = (kind: UnitKind, setters: readonly string[]): DomainError =>
  forbidden('policy.role-missing', `A value for a ${kind} is set by ${setters.join(' or ')}.`, { setters });

export const notLockable = (key: string): DomainError =>
  unprocessable(
    'policy.not-lockable',
    `${key} cannot be locked here: it is not lockable, or nothing stands below the unit.`,
    [{ path: 'locked', code: 'not-lockable', detail: 'Leave locked out.' }],
  );

export const lockedAbove = (lock: StoredPolicyValue, unitName: string): DomainError =>
  conflict('policy.locked', `${lock.key} is locked for the ${lock.unitKind} ${unitName} by ${lock.setBy}.`, {
    key: lock.key,
    unitId: lock.unitId,
    unitKind: lock.unitKind,
    unitName,
    lockedBy: lock.setBy,
    lockedAt: lock.setAt.toISOString(),
    version: lock.version,
  });

export const backdatingNotAllowed = (): DomainError =>
  forbidden(
    'policy.backdated',
    'A value that is effective before now is set by headquarters only, with a reason: what was decided since then is not judged again.',
  );

export const reasonMissing = (): DomainError =>
  unprocessable('policy.reason-missing', 'A value that is effective before now needs a reason.', [
    { path: 'reason', code: 'required', detail: 'Say why, for example that a history is imported.' },
  ]);
