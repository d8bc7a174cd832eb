import { looksLikeFormula } from './reading/formula-text.js';

type Cell = string | number | bigint | boolean | null | undefined;

/**
 * One cell of a CSV export, quoted where it must be. A text that a spreadsheet program would run as a formula gets an
 * apostrophe before it, because data may hold such texts.
 */
export function csvCell(value: Cell): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' && looksLikeFormula(value) ? `'${value}` : String(value);
  return /[",\n\r]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A CSV text (RFC 4180: CRLF, quotes doubled) with a line per row. A single blank cell is quoted, or its line would be blank. */
export function toCsv(rows: Iterable<readonly Cell[]>): string {
  let text = '';
  for (const row of rows) {
    const line = row.map(csvCell).join(',');
    text += `${line === '' ? '""' : line}\r\n`;
  }
  return text;
}
