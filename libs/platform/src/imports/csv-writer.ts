import { looksLikeFormula } from './reading/formula-text.js';

export type CsvOptions = Readonly<{
  delimiter?: ',' | ';' | '\t';
  /** `escape` (default) puts an apostrophe before texts that a spreadsheet program would run as a formula; `keep` does not. */
  formulas?: 'escape' | 'keep';
}>;

/** One cell of a CSV export, quoted where it must be. Every export uses it: data may hold texts that look like formulas. */
export function csvCell(
  value: string | number | bigint | boolean | null | undefined,
  options: CsvOptions = {},
): string {
  const { delimiter = ',', formulas = 'escape' } = options;
  if (value === null || value === undefined) return '';
  const text =
    typeof value === 'string' && formulas === 'escape' && looksLikeFormula(value)
      ? `'${value}`
      : String(value);
  const quote =
    text.includes('"') ||
    text.includes('\n') ||
    text.includes('\r') ||
    text.includes(delimiter) ||
    /^\s|\s$/.test(text);
  return quote ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A CSV text (RFC 4180: CRLF, quotes doubled) with a line per row. A single blank cell is quoted, or its line would be blank. */
export function toCsv(
  rows: Iterable<readonly (string | number | bigint | boolean | null | undefined)[]>,
  options: CsvOptions = {},
): string {
  let text = '';
  for (const row of rows) {
    const line = row.map((value) => csvCell(value, options)).join(options.delimiter ?? ',');
    text += `${line === '' ? '""' : line}\r\n`;
  }
  return text;
}
