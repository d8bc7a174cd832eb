/** One record of a CSV text. `rowNumber` counts as a spreadsheet does (the header is row 1); no cells: it cannot be read. */
export type CsvRecord = Readonly<{ rowNumber: number; cells: readonly string[] | null }>;

type Read = Readonly<{ cells: string[]; next: number; lines: number }>;

/**
 * Reads RFC 4180 text of its own accord, so that counts made from a file do not lean on the importer that they judge.
 * A record whose quotes do not close as they must costs its first line only. Blank lines are counted, not given.
 */
export function* readCsv(text: string): Generator<CsvRecord> {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let columns: number | undefined;
  for (let rowNumber = 1; at < text.length; rowNumber += 1) {
    const read = readRecord(text, at);
    const torn = read && read.lines > 1 && columns !== undefined && read.cells.length !== columns;
    if (!read || torn) {
      yield { rowNumber, cells: null };
      at = lineAfter(text, at);
      continue;
    }
    at = read.next;
    if (read.cells.length === 1 && read.cells[0] === '') continue;
    columns ??= read.cells.length;
    yield { rowNumber, cells: read.cells };
  }
}

/** Gives undefined for a record with a quote that does not close, or with text behind a closing quote. */
function readRecord(text: string, start: number): Read | undefined {
  const cells: string[] = [];
  for (let at = start; ;) {
    const field = text[at] === '"' ? quotedField(text, at) : plainField(text, at);
    if (!field) return undefined;
    cells.push(field.value);
    at = field.end;
    if (text[at] === ',') {
      at += 1;
      continue;
    }
    if (text.startsWith('\r\n', at)) at += 1;
    const lines = 1 + countLines(text, start, at);
    if (at >= text.length) return { cells, next: at, lines };
    return text[at] === '\n' ? { cells, next: at + 1, lines } : undefined;
  }
}

type Field = Readonly<{ value: string; end: number }>;

function plainField(text: string, start: number): Field {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n') end += 1;
  if (text[end] !== ',' && text[end - 1] === '\r' && end > start) end -= 1;
  const atEnd = end + 1 === text.length && text[end] === '\r';
  return { value: text.slice(start, end), end: atEnd ? text.length : end };
}

function quotedField(text: string, start: number): Field | undefined {
  for (let from = start + 1; ;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return undefined;
    if (text[quote + 1] !== '"')
      return { value: text.slice(start + 1, quote).replaceAll('""', '"'), end: quote + 1 };
    from = quote + 2;
  }
}

function lineAfter(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
