import type { Scope, ScopeList } from '../context.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const listText = (list: ScopeList): string => {
  if (list === '*') return '*';
  for (const id of list) if (!UUID.test(id)) throw new Error(`not a unit id in a scope: ${id}`);
  return list.join(',');
};

/**
 * The value of the setting `app.scope` that the row-level security policies read: three lists (read; write; refs), each
 * `*` or ids joined by commas. Throws on anything that is not a UUID, so the text is safe inside a statement.
 */
export function scopeText(scope: Scope): string {
  return `${listText(scope.read)};${listText(scope.write)};${listText(scope.refs)}`;
}
