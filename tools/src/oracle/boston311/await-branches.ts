import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@steward/testing';
import { importFile } from '../../import/import-file.js';
import type { GatewayAccess } from '../gateway-client.js';
import { OracleError } from '../oracle-error.js';
import type { BranchPlan } from './branch-plan.js';
import { neededColumns, type BostonMapping } from './mapping.js';

const LIMIT_MS = 60_000;
const LONG_AGO = '2001-01-02 03:04:05';

/**
 * Waits until the tickets service has been told of every branch of the plan: a dry run with one row for each branch
 * is refused for none of them. It changes nothing and takes no number.
 */
export async function awaitBranches(
  access: GatewayAccess,
  plan: BranchPlan,
  mapping: BostonMapping,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'steward-oracle-'));
  const placed = { ...mapping, branch: plan.mapping };
  const file = join(folder, 'one-row-per-branch.csv');
  try {
    await writeFile(file, oneRowPerBranch(plan, mapping));
    await eventually(
      async () => {
        const fields = { dryRun: 'true' };
        const { job, rows } = await importFile({ ...access, kind: 'tickets', file, fields, mapping: placed });
        if (job.state === 'done' && job.rows.rejected === 0) return true;
        throw new Error(job.error?.detail ?? rows[0]?.detail ?? `the import is ${job.state}`);
      },
      { timeoutMs: LIMIT_MS, intervalMs: 300 },
    ).catch((cause: Error) => {
      throw new OracleError(`The branches do not become known to tickets: ${cause.message}`, { cause });
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file of the source that names every branch once. */
export function oneRowPerBranch(
  { branches, codeOf, mapping: branch }: BranchPlan,
  mapping: BostonMapping,
): string {
  const columns = neededColumns(mapping);
  const { receivedAt, completedAt } = mapping.fields;
  const neighbourhoods = new Map(Object.keys(branch.values).map((name) => [codeOf(name), name]));
  const rows = [...branches.keys()].map((code, index) =>
    columns.map((column) => {
      if (column === mapping.externalId) return `branch-${index}`;
      if (column === branch.column) return neighbourhoods.get(code) ?? '';
      if (column === completedAt.column) return '';
      return column === receivedAt.column ? LONG_AGO : 'check';
    }),
  );
  return [columns, ...rows].map((cells) => `${cells.map(quoted).join(',')}\n`).join('');
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
