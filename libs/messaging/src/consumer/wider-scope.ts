import { inScope, type Tx } from '@steward/platform';

const UUID = /^[0-9a-f-]{36}$/;

/**
 * Runs work that also concerns other branches than the transaction was opened for: facts that waited for what this
 * transaction brings. The scope is widened by exactly those branches (by all for a fact of the group), then put back.
 */
export async function inScopeOf(
  tx: Tx,
  branches: readonly (string | null)[],
  work: () => Promise<void>,
): Promise<void> {
  const missing = [...new Set(branches.filter((branch) => !inScope(tx.scope.write, { branchId: branch })))];
  if (missing.length === 0) return work();
  const [before] = await tx.query<{ scope: string }>(`select current_setting('app.scope') as scope`);
  await setScope(tx, widened(before!.scope, missing));
  await work();
  await setScope(tx, before!.scope);
}

const setScope = (tx: Tx, scope: string): Promise<unknown> =>
  tx.query(`select set_config('app.scope', $1, true)`, [scope]);

function widened(scope: string, branches: readonly (string | null)[]): string {
  if (branches.includes(null)) return '*;*;*';
  const ids = (branches as string[]).filter((id) => UUID.test(id));
  return scope
    .split(';')
    .map((list) => (list === '*' ? list : [...list.split(',').filter(Boolean), ...ids].join(',')))
    .join(';');
}
