import type { ByteSource } from './byte-source.js';
import { emptyFile } from './csv-layout.js';
import type { ReadPlan } from './read-plan.js';
import { excerptOf, type SourceBlock, type SourceRow } from './source-row.js';
import { SheetRows, sheetProblems, type SheetRow } from './xlsx-sheet.js';
import { findSheet, readSharedStrings, readStyles } from './xlsx-book.js';
import { XlsxZip } from './xlsx-zip.js';
import { streamXml } from './xml-stream.js';

export type Workbook = Readonly<{
  header: readonly string[];
  blocks: AsyncIterable<SourceBlock>;
  close(): Promise<void>;
}>;

/** A group of rows, with the share of the sheet that has been read (0 to 1). */
type Step = Readonly<{ rows: readonly SheetRow[]; share: number }>;

const notBlank = (row: SheetRow): boolean => row.tooLarge || row.cells.some((cell) => cell !== '');

/**
 * Opens a sheet of a workbook: its first row that is not blank is the header. Memory is bounded: shared strings lie on
 * disk, rows are given as they come; `close` lets go of it all. Throws `ImportFailure` for a damaged workbook or one
 * beyond the limits.
 */
export async function openWorkbook(source: ByteSource, plan: ReadPlan): Promise<Workbook> {
  const zip = await XlsxZip.open(source, plan.limits);
  const { part, date1904 } = await findSheet(zip, plan.sheet);
  const styles = await readStyles(zip);
  const maxRowBytes = plan.limits.maxRowBytes;
  const strings = await readSharedStrings(zip, maxRowBytes);
  const steps = readSheet(zip, part, new SheetRows({ strings, styles, date1904, maxRowBytes }), maxRowBytes);
  const close = async (): Promise<void> => {
    await steps.return(undefined);
    strings.close();
    zip.close();
  };
  try {
    const found = await findHeader(steps);
    if (!found) throw emptyFile();
    const header = found.header.map((name) => name.trim());
    return { header, blocks: blocks(found.rest, steps, { header, plan, size: source.size }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* readSheet(
  zip: XlsxZip,
  part: string,
  sheet: SheetRows,
  maxText: number,
): AsyncGenerator<Step, void> {
  const size = Math.max(1, zip.sizeOf(part));
  let read = 0;
  for await (const bytes of streamXml(zip.read(part), sheet.handlers, maxText)) {
    read += bytes;
    const rows = sheet.take().filter(notBlank);
    if (rows.length > 0) yield { rows, share: read / size };
  }
}

async function findHeader(
  steps: AsyncGenerator<Step, void>,
): Promise<{ header: string[]; rest: Step } | undefined> {
  const step = await steps.next();
  if (step.done) return undefined;
  const [first, ...rows] = step.value.rows;
  return { header: first!.cells, rest: { rows, share: step.value.share } };
}

type Reading = Readonly<{ header: readonly string[]; plan: ReadPlan; size: number }>;

async function* blocks(
  first: Step,
  steps: AsyncGenerator<Step, void>,
  reading: Reading,
): AsyncGenerator<SourceBlock> {
  const { plan, size, header } = reading;
  const { batchRows, batchBytes, maxRowBytes } = plan.limits;
  const done = plan.cursor?.row ?? 0;
  let rows: SourceRow[] = [];
  let chars = 0;
  for await (const { row, share } of rowsOf(first, steps)) {
    if (row.rowNumber <= done) continue;
    rows.push(sourceRow(row, header, maxRowBytes));
    chars += row.cells.reduce((sum, cell) => sum + cell.length, 0);
    if (rows.length < batchRows && chars < batchBytes) continue;
    yield { rows, cursor: { row: row.rowNumber, offset: Math.floor(share * size) } };
    rows = [];
    chars = 0;
  }
  if (rows.length > 0) yield { rows, cursor: { row: rows.at(-1)!.rowNumber, offset: size } };
}

async function* rowsOf(
  first: Step,
  rest: AsyncGenerator<Step, void>,
): AsyncGenerator<{ row: SheetRow; share: number }> {
  for (const row of first.rows) yield { row, share: first.share };
  for await (const { rows, share } of rest) for (const row of rows) yield { row, share };
}

function sourceRow(row: SheetRow, header: readonly string[], maxRowBytes: number): SourceRow {
  const problems = sheetProblems(row, header, maxRowBytes);
  if (problems.length > 0) return { rowNumber: row.rowNumber, problems, raw: excerptOf(row.cells) };
  const { cells } = row;
  while (cells.length < header.length) cells.push('');
  return { rowNumber: row.rowNumber, cells: cells.slice(0, header.length) };
}
