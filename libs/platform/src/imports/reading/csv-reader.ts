import { TextDecoder } from 'node:util';
import { parse } from 'csv-parse/sync';
import type { RowProblem } from '../import-kind.js';
import type { ByteSource } from './byte-source.js';
import { ByteWindow } from './byte-window.js';
import { parseOptions, type CsvLayout } from './csv-layout.js';
import { strictDecoder } from './encoding.js';
import { RecordSplitter, type Piece } from './record-splitter.js';
import { printable, type BlockLimits, type Cursor, type SourceBlock, type SourceRow } from './source-row.js';

type Pending = { rowNumber: number; text: string };
type Skipped = { from: number; to: number; raw: string };

/**
 * Gives the rows of a text file in blocks, from a cursor on. Damage costs the rows it is in: a broken quote, a row beyond
 * the limit, bytes that are no text of the encoding and a wrong number of columns are given as rows with problems.
 */
export class CsvReader {
  private readonly decoder: TextDecoder;
  private readonly lossy: TextDecoder;
  private rows: SourceRow[] = [];
  private pending: Pending[] = [];
  private skipped: Skipped | undefined;

  constructor(
    private readonly source: ByteSource,
    private readonly layout: CsvLayout,
    private readonly limits: BlockLimits,
  ) {
    this.decoder = strictDecoder(layout.encoding);
    this.lossy = new TextDecoder(layout.encoding, { ignoreBOM: true });
  }

  async *blocks(from: Cursor): AsyncGenerator<SourceBlock> {
    const window = new ByteWindow(this.source, from.offset, this.layout.unit);
    const splitter = new RecordSplitter(window, this.layout.dialect, {
      columns: this.layout.header.length,
      maxBytes: this.limits.maxRowBytes,
      resync: from.resync ?? false,
    });
    let cursor = from;
    let bytes = 0;
    for (let piece = await splitter.next(); piece; piece = await splitter.next()) {
      const row = cursor.row + 1;
      this.take(piece, row);
      bytes += piece.bytes.length;
      cursor = { row, offset: piece.next, ...(splitter.resync ? { resync: true } : {}) };
      const small = this.count < this.limits.batchRows && bytes < this.limits.batchBytes;
      // Skipped lines need no memory and are told of once, however many they are.
      if (small || piece.kind === 'skipped') continue;
      yield this.block(cursor);
      bytes = 0;
    }
    if (this.count > 0) yield this.block(cursor);
  }

  private get count(): number {
    return this.rows.length + this.pending.length + (this.skipped ? 1 : 0);
  }

  private take(piece: Piece, rowNumber: number): void {
    if (piece.kind === 'skipped') return this.skip(piece, rowNumber);
    this.endSkipped();
    if (piece.kind === 'blank') return;
    if (piece.kind !== 'record') return this.reject(rowNumber, this.problemOf(piece), piece.bytes);
    try {
      this.pending.push({ rowNumber, text: this.decoder.decode(piece.bytes) });
    } catch {
      const detail = `The row holds bytes that are not ${this.layout.encoding}.`;
      this.reject(rowNumber, { field: null, code: 'import.bad-encoding', detail }, piece.bytes);
    }
  }

  private problemOf(piece: Piece): RowProblem {
    const field = this.layout.header[piece.column ?? -1] ?? null;
    if (piece.kind === 'broken') {
      return {
        field,
        code: 'import.broken-quote',
        detail: 'A quote is not closed as it must be, or its text breaks the row.',
      };
    }
    const detail = `The row is longer than ${this.limits.maxRowBytes} bytes.`;
    return { field, code: 'import.row-too-large', detail };
  }

  private reject(rowNumber: number, problem: RowProblem, bytes: Uint8Array): void {
    this.flush();
    this.rows.push({ rowNumber, problems: [problem], raw: this.excerpt(bytes) });
  }

  private skip(piece: Piece, rowNumber: number): void {
    if (this.skipped) this.skipped.to = rowNumber;
    else this.skipped = { from: rowNumber, to: rowNumber, raw: this.excerpt(piece.bytes) };
  }

  /** Lines after a broken quote that make no row are told of together. */
  private endSkipped(): void {
    if (!this.skipped) return;
    const { from, to, raw } = this.skipped;
    this.skipped = undefined;
    this.flush();
    const detail = `Lines ${from} to ${to} follow a broken quote and make no whole row.`;
    this.rows.push({
      rowNumber: from,
      problems: [{ field: null, code: 'import.skipped-lines', detail }],
      raw,
    });
  }

  private excerpt(bytes: Uint8Array): string {
    return printable(this.lossy.decode(bytes.subarray(0, 800)));
  }

  private block(cursor: Cursor): SourceBlock {
    this.endSkipped();
    this.flush();
    const rows = this.rows;
    this.rows = [];
    return { rows, cursor };
  }

  /**
   * Cuts the gathered records into cells. Where no quote is, every delimiter is one; the others go to the parser in one
   * call, or one by one when it sees them otherwise.
   */
  private flush(): void {
    const { pending, layout } = this;
    if (pending.length === 0) return;
    this.pending = [];
    const quoted = pending.filter(({ text }) => text.includes('"'));
    const parsed = quoted.length > 0 ? this.cellsOf(quoted.map(({ text }) => text).join('\n')) : [];
    const together = parsed?.length === quoted.length ? parsed.values() : undefined;
    for (const { rowNumber, text } of pending) {
      if (!text.includes('"')) this.push(rowNumber, text, text.split(layout.delimiter));
      else this.push(rowNumber, text, together ? together.next().value : this.ownCells(text));
    }
  }

  private ownCells(text: string): string[] | undefined {
    const records = this.cellsOf(text);
    return records?.length === 1 ? records[0] : undefined;
  }

  private cellsOf(text: string): string[][] | undefined {
    try {
      return parse(text, parseOptions(this.layout.delimiter));
    } catch {
      return undefined;
    }
  }

  private push(rowNumber: number, text: string, cells: string[] | undefined): void {
    const wanted = this.layout.header.length;
    if (cells?.length === wanted) {
      if (cells.some((cell) => cell !== '')) this.rows.push({ rowNumber, cells });
      return;
    }
    const problem: RowProblem = cells
      ? {
          field: null,
          code: 'import.wrong-columns',
          detail: `The row has ${cells.length} columns, the header ${wanted}.`,
        }
      : { field: null, code: 'import.broken-quote', detail: 'The quotes of the row cannot be understood.' };
    this.rows.push({ rowNumber, problems: [problem], raw: printable(text) });
  }
}
