import type { ImportResult } from './import-file.js';

const SHOWN = 20;

/** What people read at the end of an import. */
export function summaryOf({ job, rows }: ImportResult): string {
  const { read, created, updated, unchanged, rejected, warned } = job.rows;
  const lines = [`Import ${job.id}: ${job.state}${job.dryRun ? ' (dry run, nothing was changed)' : ''}`];
  if (job.error) lines.push(`  ${job.error.code}: ${job.error.detail}`);
  lines.push(
    `  ${read} rows read: ${created} created, ${updated} updated, ${unchanged} unchanged, ${rejected} rejected, ${warned} with warnings`,
  );
  if (job.file.unusedColumns?.length) lines.push(`  columns not used: ${job.file.unusedColumns.join(', ')}`);
  for (const { rowNumber, state, field, code, detail } of rows.slice(0, SHOWN)) {
    lines.push(`  row ${rowNumber} ${state}${field ? `, ${field}` : ''}: ${detail} (${code})`);
  }
  if (rows.length > SHOWN) lines.push(`  … and ${rows.length - SHOWN} more; --json lists all`);
  return lines.join('\n');
}
