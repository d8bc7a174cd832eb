import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { importFile } from '../import/import-file.js';
import type { GatewayClient } from './gateway-client.js';
import { OracleError } from './oracle-error.js';

export type Cells = Readonly<Record<string, string>>;

export type Register = Readonly<{
  /** code of the branch that the rows belong to */
  branch: string;
  /** under which its rows are known */
  source: string;
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
  { branch, source, say }: Register,
  passing: readonly string[] = [],
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'steward-oracle-'));
  const file = join(folder, `${kind}.csv`);
  const columns = Object.keys(rows[0]!).filter((name) => name !== 'id');
  const mapping = {
    source,
    externalId: 'id',
    branch: { default: branch },
    fields: Object.fromEntries(columns.map((name) => [name, { column: name }])),
  };
  try {
    await writeFile(file, csvOf(rows));
    for (let tries = 1; ; tries += 1) {
      const request = { ...api.access, kind, file, mapping, fields: { branch } };
      const done = judge(kind, await importFile(request), tries < TRIES ? passing : []);
      if (done) return say(done);
      await pause(WAIT_MS);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What to say of an import that took every row; undefined when it is worth another try. */
function judge(
  kind: string,
  { job, rows }: Awaited<ReturnType<typeof importFile>>,
  passing: readonly string[],
): string | undefined {
  const rejected = rows.filter(({ state }) => state === 'rejected');
  const { read, created, unchanged } = job.rows;
  if (job.state === 'done' && rejected.length === 0)
    return `${kind}: ${read} rows, ${created} created, ${unchanged} unchanged`;
  const first = rejected.find(({ code }) => !passing.includes(code));
  if (!first && job.state === 'done') return undefined;
  const why = first?.detail ?? job.error?.detail ?? `is ${job.state}`;
  throw new OracleError(`${kind}: row ${first?.rowNumber ?? '?'} ${first?.code ?? ''} ${why}`);
}

export function csvOf(rows: readonly Cells[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]): string =>
    `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;
  return [line(columns), ...rows.map((row) => line(columns.map((column) => row[column] ?? '')))].join('');
}
