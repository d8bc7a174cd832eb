import { ImportFailure } from '../import-failure.js';
import type { ByteSource } from './byte-source.js';
import { READ_BYTES } from './byte-source.js';
import { emptyFile, openCsv, unsupported } from './csv-layout.js';
import { CsvReader } from './csv-reader.js';
import type { ReadPlan } from './read-plan.js';
import { RowMapper, type MappedRow } from './row-mapper.js';
import type { Cursor, SourceBlock } from './source-row.js';
import { openWorkbook } from './xlsx-reader.js';

/** What a reader tells of a file as a whole. */
export type OpenedFile = Readonly<{
  format: 'csv' | 'xlsx';
  encoding: string;
  header: readonly string[];
  unusedColumns: readonly string[];
}>;

/** First what the file is, then its rows with the place behind them. */
export type ReadEvent = Readonly<
  { type: 'opened'; file: OpenedFile } | { type: 'rows'; rows: readonly MappedRow[]; cursor: Cursor }
>;

type Opened = Readonly<{
  format: 'csv' | 'xlsx';
  encoding: string;
  header: readonly string[];
  blocks: AsyncIterable<SourceBlock>;
  close(): Promise<void>;
}>;

/**
 * Reads a file to mapped rows, in memory that does not grow with the file. Throws `ImportFailure` when the file as a
 * whole cannot be taken.
 */
export async function* readFile(source: ByteSource, plan: ReadPlan): AsyncGenerator<ReadEvent> {
  const head = await source.read(0, Math.min(READ_BYTES, source.size));
  if (head.length === 0) throw emptyFile();
  const { blocks, close, ...file } = await open(source, head, plan);
  try {
    const mapper = new RowMapper(file.header, plan);
    yield { type: 'opened', file: { ...file, unusedColumns: mapper.unusedColumns } };
    for await (const { rows, cursor } of blocks) {
      yield { type: 'rows', rows: rows.map((row) => mapper.map(row)), cursor };
    }
  } finally {
    await close();
  }
}

async function open(source: ByteSource, head: Uint8Array, plan: ReadPlan): Promise<Opened> {
  const kind = formatOf(head);
  if (kind === 'other') throw unsupported();
  checkSize(source.size, kind === 'xlsx' ? plan.limits.maxXlsxBytes : plan.limits.maxCsvBytes);
  if (kind === 'xlsx') {
    const book = await openWorkbook(source, plan);
    return { format: 'xlsx', encoding: 'utf-8', ...book };
  }
  const layout = await openCsv(source, head, plan.encoding ?? undefined);
  const blocks = new CsvReader(source, layout, plan.limits).blocks(plan.cursor ?? layout.first);
  return {
    format: 'csv',
    encoding: layout.encoding,
    header: layout.header,
    blocks,
    close: () => Promise.resolve(),
  };
}

const MAGIC: readonly (readonly [readonly number[], 'xlsx' | 'other'])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'xlsx'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'other'], // the old .xls, and encrypted workbooks
  [[0x25, 0x50, 0x44, 0x46], 'other'], // PDF
  [[0x1f, 0x8b], 'other'], // gzip
];

function formatOf(head: Uint8Array): 'csv' | 'xlsx' | 'other' {
  return MAGIC.find(([bytes]) => bytes.every((byte, i) => head[i] === byte))?.[1] ?? 'csv';
}

function checkSize(size: number, limit: number): void {
  if (size <= limit) return;
  throw new ImportFailure({
    code: 'import.file-too-large',
    detail: `The file has ${size} bytes; ${limit} are allowed for its format.`,
    params: { size, limit },
  });
}
