import type { BatchRow } from './batch-rows.js';
import type { RowCounts, RowProblemEntry } from './import-job.js';
import type { RowOutcome } from './import-kind.js';

/** A row with what became of it. */
export type Settlement = Readonly<{ item: BatchRow; outcome: RowOutcome }>;

/** The outcome of a row that was never tried. */
export const rejected = (item: BatchRow): Settlement => ({
  item,
  outcome: { state: 'rejected', problems: item.problems },
});

/** How many rows ended how. */
export function countRows(settlements: readonly Settlement[]): RowCounts {
  const counts = { read: settlements.length, created: 0, updated: 0, unchanged: 0, rejected: 0, warned: 0 };
  for (const { item, outcome } of settlements) {
    counts[outcome.state]++;
    if (outcome.state !== 'rejected' && item.row.warnings.length > 0) counts.warned++;
  }
  return counts;
}

/** What is kept for the uploader: why rows were rejected, and what to look at in the others. */
export function problemEntries(settlements: readonly Settlement[]): RowProblemEntry[] {
  return settlements.flatMap(({ item, outcome }) => {
    const { rowNumber, raw, warnings } = item.row;
    const state = outcome.state === 'rejected' ? 'rejected' : 'warning';
    const problems = state === 'rejected' ? [...(outcome.problems ?? []), ...warnings] : warnings;
    return problems.map((problem, seq) => ({ ...problem, rowNumber, seq, state, raw }));
  });
}
