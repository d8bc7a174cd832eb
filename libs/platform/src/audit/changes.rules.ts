import type { AuditChange } from './audit.js';

/**
 * What a change did to a record, for its trail (ORG-02): the fields that differ, from what to what, in the given order.
 * A field that was not there counts as null; objects and lists are compared by their JSON.
 */
export function changesOf<T extends object>(
  before: Partial<T> | null | undefined,
  after: T | null,
  fields: readonly (keyof T & string)[],
): AuditChange[] {
  return fields
    .map((field) => ({ field, from: before?.[field] ?? null, to: after?.[field] ?? null }))
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
}
