import { readFile } from 'node:fs/promises';
import { readCsv } from '../csv-records.js';
import type { DataFile } from './data-folder.js';
import { slug, TARGET, VERDICT, type BostonMapping } from './mapping.js';

/** What the oracle itself makes of a row of the source. Times are texts of the source's local time, '' for none. */
export type SourceRow = Readonly<{
  file: string;
  /** as a spreadsheet shows it: the header is row 1 */
  rowNumber: number;
  id: string;
  neighbourhood: string;
  type: string;
  category: string | null;
  channel: string;
  opened: string;
  target: string;
  closed: string;
  verdict: string;
}>;

/** Rows of one file; `unreadable` are the numbers of those that make no row of the header. */
export type ReadFile = Readonly<{ rows: readonly SourceRow[]; unreadable: readonly number[] }>;

/** Reads a whole file of the source. */
export async function readSource(file: DataFile, mapping: BostonMapping): Promise<ReadFile> {
  return readSourceText(file, await readFile(file.path, 'utf8'), mapping);
}

/** Reads the text of a file of the source; blank cells and blanks around values do not count. */
export function readSourceText(
  { name, header }: Pick<DataFile, 'name' | 'header'>,
  text: string,
  mapping: BostonMapping,
): ReadFile {
  const rows: SourceRow[] = [];
  const unreadable: number[] = [];
  const place = new Map(header.map((column, index) => [column, index]));
  const records = readCsv(text);
  records.next();
  for (const { rowNumber, cells } of records) {
    if (cells?.length !== header.length) unreadable.push(rowNumber);
    else if (cells.some((cell) => cell !== '')) {
      const cell = (column: string): string => (cells[place.get(column)!] ?? '').trim();
      rows.push({ file: name, rowNumber, ...factsOf(cell, mapping) });
    }
  }
  return { rows, unreadable };
}

function factsOf(
  cell: (column: string) => string,
  { externalId, branch, fields }: BostonMapping,
): Omit<SourceRow, 'file' | 'rowNumber'> {
  const type = cell(fields.categoryCode.column);
  return {
    id: cell(externalId),
    neighbourhood: cell(branch.column),
    type,
    category: type === '' ? null : slug(type),
    channel: channelOf(cell(fields.channel.column), fields.channel),
    opened: cell(fields.receivedAt.column),
    target: cell(TARGET),
    closed: cell(fields.completedAt.column),
    verdict: cell(VERDICT),
  };
}

function channelOf(text: string, rule: BostonMapping['fields']['channel']): string {
  if (text === '') return rule.emptyAs;
  return Object.hasOwn(rule.values, text) ? rule.values[text]! : rule.otherwise;
}
