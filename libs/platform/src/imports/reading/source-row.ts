import type { RowProblem } from '../import-kind.js';

/** A row as it stands in the file, or the reason why it cannot be read. `rowNumber` counts the header as row 1. */
export type SourceRow = Readonly<
  | { rowNumber: number; cells: readonly string[]; problems?: readonly RowProblem[] }
  | { rowNumber: number; problems: readonly RowProblem[]; raw: string; cells?: undefined }
>;

/**
 * Where reading goes on after a crash: the last row that is done and the byte after it. `resync` says that the reader
 * stands behind a broken quote and looks for the next whole row. Workbooks are read again and rows up to `row` skipped.
 */
export type Cursor = Readonly<{ row: number; offset: number; resync?: boolean }>;

/** Some rows, and the place behind them. */
export type SourceBlock = Readonly<{ rows: readonly SourceRow[]; cursor: Cursor }>;

/** How large blocks and rows may be. */
export type BlockLimits = Readonly<{ batchRows: number; batchBytes: number; maxRowBytes: number }>;

const EXCERPT = 200;

/** What is kept of a row for the person who looks for it. */
export const excerptOf = (cells: readonly string[]): string => {
  let text = '';
  for (const [i, cell] of cells.entries()) {
    if (text.length >= EXCERPT) break;
    text += (i > 0 ? ',' : '') + cell.slice(0, EXCERPT);
  }
  return printable(text);
};

/** The first characters of a text, without those that PostgreSQL cannot store or that break a surrogate pair. */
export const printable = (text: string): string =>
  text.slice(0, EXCERPT).replaceAll('\0', '\uFFFD').toWellFormed();
