import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { importFile } from '../../import/import-file.js';
import type { GatewayClient } from '../gateway-client.js';
import { OracleError } from '../oracle-error.js';

export type Cells = Readonly<Record<string, string>>;

export type Register = Readonly<{
  /** code of the branch that the rows belong to */
  branch: string;
  say: (line: string) => void;
}>;

const TRIES = 60;
const WAIT_MS = 500;

/**
 * Imports rows by the platform's own import. A row that names what another service has not heard of yet is tried again;
 * what is refused for another reason, or for ever, ends the oracle with the platform's words.
 */
export async function importRows(
  api: GatewayClient,
  kind: string,
  rows: readonly Cells[],
  { branch, say }: Register,
  passing: readonly string[] = [],
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'steward-oracle-'));
  const wish = {
    ...api.access,
    kind,
    file: join(folder, `${kind}.csv`),
    mapping: mappingOf(Object.keys(rows[0]!), branch),
    fields: { branch },
  };
  try {
    await writeFile(wish.file, csvOf(rows));
    for (let tries = 1; ; tries += 1) {
      const { job, rows: problems } = await importFile(wish);
      const rejected = problems.filter(({ state }) => state === 'rejected');
      if (job.state === 'done' && rejected.length === 0) {
        say(`${kind}: ${job.rows.read} rows, ${job.rows.created} created, ${job.rows.unchanged} unchanged`);
        return;
      }
      const last = tries === TRIES ? rejected[0] : undefined;
      const first = rejected.find(({ code }) => !passing.includes(code)) ?? last;
      if (first || job.state !== 'done')
        throw new OracleError(
          `${kind}: row ${first?.rowNumber ?? '?'} ${first?.code ?? ''} ${first?.detail ?? job.error?.detail ?? `is ${job.state}`}`,
        );
      await pause(WAIT_MS);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const mappingOf = (columns: readonly string[], branch: string) => ({
  source: 'nycha-water',
  externalId: 'id',
  branch: { default: branch },
  fields: Object.fromEntries(columns.filter((name) => name !== 'id').map((name) => [name, { column: name }])),
});

export function csvOf(rows: readonly Cells[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]): string =>
    `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;
  return [line(columns), ...rows.map((row) => line(columns.map((column) => row[column] ?? '')))].join('');
}
