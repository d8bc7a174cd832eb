import { parse } from 'csv-parse/sync';
import { ImportFailure } from '../import-failure.js';
import type { ByteSource } from './byte-source.js';
import { ByteWindow, type UnitWidth } from './byte-window.js';
import { detectEncoding, strictDecoder, type Encoding } from './encoding.js';
import { CR, LF, scanRecord, type Dialect } from './scan-record.js';
import type { Cursor } from './source-row.js';

/** How a text file is written, and its columns. */
export type CsvLayout = Readonly<{
  encoding: Encoding;
  unit: UnitWidth;
  delimiter: string;
  dialect: Dialect;
  header: readonly string[];
  /** The place behind the header. */
  first: Cursor;
}>;

const DELIMITERS = [',', ';', '\t'] as const;
const MAX_COLUMNS = 2000;

/** What csv-parse is told of records whose ends are known: any number of columns, quotes inside plain text are text. */
export const parseOptions = (delimiter: string) =>
  ({ delimiter, record_delimiter: '\n', relax_column_count: true, relax_quotes: true }) as const;

/**
 * Reads the beginning of a text file: encoding, line ends, delimiter (`,`, `;` or tab: the one that makes most columns)
 * and header. Throws `ImportFailure`: `import.empty-file`, `import.unsupported-format`, `import.unknown-encoding`,
 * `import.bad-header`.
 */
export async function openCsv(source: ByteSource, head: Uint8Array, declared?: Encoding): Promise<CsvLayout> {
  const { encoding, bomBytes } = detectEncoding(head, declared);
  const unit: UnitWidth = {
    bytes: encoding.startsWith('utf-16') ? 2 : 1,
    bigEndian: encoding === 'utf-16be',
  };
  if (unit.bytes === 1 && head.includes(0)) throw unsupported();
  const window = new ByteWindow(source, bomBytes, unit);
  await window.fill();
  const lineEnd = window.scan.includes(LF) ? LF : CR;
  const row = 1 + skipBlankLines(window, lineEnd);
  if (window.at >= window.scan.length) throw emptyFile();
  const best = bestDelimiter(window, lineEnd);
  if (!best || best.columns > MAX_COLUMNS) throw badHeader();
  const text = decodeHeader(window.slice(window.at, best.end), encoding);
  const header = (parse(text, parseOptions(best.delimiter))[0] ?? []).map((name) => name.trim());
  const dialect = { delimiter: best.delimiter.charCodeAt(0), lineEnd };
  const first = { row, offset: window.offsetOf(best.next) };
  return { encoding, unit, delimiter: best.delimiter, dialect, header, first };
}

function skipBlankLines(window: ByteWindow, lineEnd: number): number {
  let lines = 0;
  for (; window.at < window.scan.length; window.at++) {
    const byte = window.scan[window.at]!;
    if (byte !== LF && byte !== CR) break;
    if (byte === lineEnd) lines++;
  }
  return lines;
}

function bestDelimiter(window: ByteWindow, lineEnd: number) {
  let best: { delimiter: string; columns: number; end: number; next: number } | undefined;
  for (const delimiter of DELIMITERS) {
    const dialect = { delimiter: delimiter.charCodeAt(0), lineEnd };
    const found = scanRecord(window.scan, window.at, dialect, window.ended);
    if (found.state !== 'complete' || (best && best.columns >= found.columns)) continue;
    best = { delimiter, columns: found.columns, end: found.end, next: found.next };
  }
  return best;
}

function decodeHeader(bytes: Uint8Array, encoding: Encoding): string {
  try {
    return strictDecoder(encoding).decode(bytes);
  } catch {
    throw new ImportFailure({
      code: 'import.unknown-encoding',
      detail: `The header is not valid ${encoding}. Say the file's encoding (field "encoding") or save it as UTF-8.`,
      params: { encoding },
    });
  }
}

/** The failure of a file without any row. */
export const emptyFile = (): ImportFailure =>
  new ImportFailure({ code: 'import.empty-file', detail: 'The file holds no rows.' });

/** The failure of a file that is neither text nor a workbook. */
export const unsupported = (): ImportFailure =>
  new ImportFailure({
    code: 'import.unsupported-format',
    detail:
      'The file is neither delimited text (CSV) nor an Excel workbook (.xlsx). Save it as one of these.',
  });

const badHeader = (): ImportFailure =>
  new ImportFailure({
    code: 'import.bad-header',
    detail: 'The first line cannot be read as column names: a quote does not close, or it is far too long.',
  });
