import type { Role } from '@steward/kernel';
import type { CallContext, ImportJobContext } from '@steward/platform';

/**
 * The caller of an import as the use cases want to know him. Jobs of this service run under group scope, which only
 * headquarters' administrators have; the scope was checked when the file came.
 */
export function headquarters({ call }: ImportJobContext): CallContext {
  return { ...call, grants: [{ role: 'hq-admin', level: 'group', units: '*', refs: '*' }] };
}

export const IMPORTERS: readonly Role[] = ['hq-admin'];
