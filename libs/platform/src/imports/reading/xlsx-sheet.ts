import type { RowProblem } from '../import-kind.js';
import type { StringSpool } from './string-spool.js';
import type { XmlHandlers } from './xml-stream.js';
import { columnOf, numberText, serialText, type NumberStyle } from './xlsx-values.js';

/** A row of a sheet: cells by column, blank ones as empty text. */
export type SheetRow = Readonly<{
  rowNumber: number;
  cells: string[];
  errors: readonly number[];
  tooLarge: boolean;
}>;

export type SheetParts = Readonly<{
  strings: StringSpool;
  styles: readonly NumberStyle[];
  date1904: boolean;
  maxRowBytes: number;
}>;

const MAX_COLUMNS = 16_384;

/** Gathers the rows of a sheet from its XML. Of a formula only the value that was stored with it is taken. */
export class SheetRows {
  private rows: SheetRow[] = [];
  private rowNumber = 0;
  private cells: string[] = [];
  private errors: number[] = [];
  private size = 0;
  private column = -1;
  private type = 'n';
  private style = 0;
  private value = '';
  private taking = false;
  private phonetic = false;

  constructor(private readonly parts: SheetParts) {}

  readonly handlers: XmlHandlers = {
    open: (name, attributes) => this.open(name, attributes),
    text: (text) => {
      if (this.taking && !this.phonetic && this.value.length <= this.parts.maxRowBytes) this.value += text;
    },
    close: (name) => this.close(name),
  };

  /** The rows that are whole by now. */
  take(): SheetRow[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  private open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') {
      this.rowNumber = Number(attributes['r']) || this.rowNumber + 1;
      this.cells = [];
      this.errors = [];
      this.size = 0;
      this.column = -1;
    } else if (name === 'c') {
      this.column = attributes['r'] ? columnOf(attributes['r']) : this.column + 1;
      this.type = attributes['t'] ?? 'n';
      this.style = Number(attributes['s'] ?? 0);
      this.value = '';
    } else if (name === 'v' || name === 't') {
      this.taking = true;
    } else if (name === 'rPh') {
      this.phonetic = true;
    }
  }

  private close(name: string): void {
    if (name === 'v' || name === 't') this.taking = false;
    else if (name === 'rPh') this.phonetic = false;
    else if (name === 'c') this.putCell();
    else if (name === 'row') {
      const { rowNumber, cells, errors } = this;
      this.rows.push({ rowNumber, cells, errors, tooLarge: this.size > this.parts.maxRowBytes });
    }
  }

  private putCell(): void {
    const { column } = this;
    if (column < 0 || column >= MAX_COLUMNS) return;
    const text = this.textOf();
    this.size += text.length;
    while (this.cells.length < column) this.cells.push('');
    if (this.type === 'e') this.errors.push(column);
    // A row beyond the limit is rejected, so its texts need no memory.
    this.cells[column] = this.size > this.parts.maxRowBytes ? '' : text;
  }

  private textOf(): string {
    const { value, type, parts } = this;
    if (type === 's') return value === '' ? '' : (parts.strings.get(Number(value)) ?? '');
    if (type === 'b') return value === '' ? '' : value === '1' ? 'true' : 'false';
    if (type !== 'n' || value === '') return value;
    const style = parts.styles[this.style] ?? 'number';
    return style === 'number'
      ? numberText(value)
      : (serialText(Number(value), style, parts.date1904) ?? numberText(value));
  }
}

/** What keeps a row of a sheet from being imported. */
export function sheetProblems(row: SheetRow, header: readonly string[], maxRowBytes: number): RowProblem[] {
  if (row.tooLarge) {
    return [
      {
        field: null,
        code: 'import.row-too-large',
        detail: `The row is longer than ${maxRowBytes} characters.`,
      },
    ];
  }
  const beyond = row.cells.findLastIndex((cell) => cell !== '') + 1;
  if (beyond > header.length) {
    return [
      {
        field: null,
        code: 'import.wrong-columns',
        detail: `The row has ${beyond} columns, the header ${header.length}.`,
      },
    ];
  }
  return row.errors.map((column) => ({
    field: header[column] ?? null,
    code: 'import.cell-error',
    detail: `The cell holds the error ${row.cells[column]}.`,
  }));
}
