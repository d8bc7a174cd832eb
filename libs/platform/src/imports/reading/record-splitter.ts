import { type ByteWindow } from './byte-window.js';
import { QUOTE, scanRecord, type Dialect, type Scan } from './scan-record.js';

/**
 * One piece of a file. `record`: a whole record. `blank`: an empty line. `broken`: a record whose quotes do not close as
 * they must, or whose lines make the wrong number of columns; reading goes on at its second line. `too-large`: a record
 * beyond the limit, without a line break in it. `skipped`: a line after a broken record that is no whole record.
 * `next` is the position in the file behind the piece.
 */
export type Piece = Readonly<{
  kind: 'record' | 'blank' | 'broken' | 'too-large' | 'skipped';
  bytes: Uint8Array;
  next: number;
  /** The column (from 0) in which a piece is broken or too large. */
  column?: number;
}>;

type Complete = Extract<Scan, { state: 'complete' }>;
type Failed = Readonly<{ kind: 'broken' | 'too-large'; column: number }>;

const EXCERPT_UNITS = 400;

/** Cuts a text file into records, in memory that one record bounds; a broken quote costs its own record only. */
export class RecordSplitter {
  /** After a broken record, lines are skipped until one has the right number of columns. */
  resync: boolean;
  private nextQuote = -1;

  constructor(
    private readonly window: ByteWindow,
    private readonly dialect: Dialect,
    private readonly options: Readonly<{ columns: number | null; maxBytes: number; resync?: boolean }>,
  ) {
    this.resync = options.resync ?? false;
  }

  /** The next piece, or null at the end of the file. */
  async next(): Promise<Piece | null> {
    const { window } = this;
    if (window.at >= window.scan.length) await this.fill();
    if (window.at >= window.scan.length && window.ended) return null;
    for (;;) {
      const found = this.scan();
      if ('kind' in found) return this.fail(found);
      if (found.state === 'complete') return this.take(found);
      if (this.beyondLimit)
        return this.fail({ kind: found.inQuote ? 'broken' : 'too-large', column: found.column });
      await this.fill();
    }
  }

  private get beyondLimit(): boolean {
    return this.window.aheadBytes > this.options.maxBytes;
  }

  private async fill(): Promise<void> {
    do await this.window.fill();
    while (this.window.scan.length === 0 && !this.window.ended);
    this.nextQuote = -1;
  }

  private scan(): Scan | Failed {
    const { window, dialect, options } = this;
    const simple = this.scanPlainLine();
    if (simple) return simple;
    const found = scanRecord(window.scan, window.at, dialect, window.ended);
    if (found.state === 'broken') return { kind: 'broken', column: found.column };
    if (found.state !== 'complete') return found;
    if ((found.end - window.at) * (window.aheadBytes / (window.scan.length - window.at)) > options.maxBytes)
      return { kind: found.lines > 1 ? 'broken' : 'too-large', column: 0 };
    const whole = options.columns === null || found.columns === options.columns;
    return found.lines > 1 && !whole ? { kind: 'broken', column: found.columns - 1 } : found;
  }

  /** Most lines hold no quote at all: their end is found without looking at every byte. */
  private scanPlainLine(): Scan | undefined {
    const { window, dialect } = this;
    const { scan, at } = window;
    if (this.nextQuote < at) {
      const quote = scan.indexOf(QUOTE, at);
      this.nextQuote = quote < 0 ? Infinity : quote;
    }
    const end = scan.indexOf(dialect.lineEnd, at);
    if (end < 0 || this.nextQuote < end || end - at > this.options.maxBytes / 2) return undefined;
    const cr = dialect.lineEnd === 0x0a && end > at && scan[end - 1] === 0x0d;
    const columns = this.resync ? count(scan, at, end, dialect.delimiter) + 1 : 0;
    return { state: 'complete', end: cr ? end - 1 : end, next: end + 1, columns, lines: 1 };
  }

  private async take(found: Complete): Promise<Piece> {
    const { window, options } = this;
    if (this.resync && options.columns !== null && found.columns !== options.columns)
      return this.skipLine('skipped');
    this.resync = false;
    const bytes = window.slice(window.at, found.end);
    window.at = found.next;
    return { kind: bytes.length === 0 ? 'blank' : 'record', bytes, next: window.offsetOf(found.next) };
  }

  private async fail({ kind, column }: Failed): Promise<Piece> {
    if (this.resync) return this.skipLine('skipped');
    const piece = await this.skipLine(kind, column);
    this.resync = piece.kind === 'broken';
    return piece;
  }

  /** Passes over one line, however long; what was a quoted text without a line break within the limit is too large. */
  private async skipLine(kind: Piece['kind'], column?: number): Promise<Piece> {
    const { window } = this;
    let end = window.scan.indexOf(this.dialect.lineEnd, window.at);
    const shown = Math.min(window.at + EXCERPT_UNITS, end < 0 ? window.scan.length : end);
    const bytes = Uint8Array.from(window.slice(window.at, shown));
    const long = end < 0 && this.beyondLimit;
    while (end < 0 && !window.ended) {
      window.at = window.scan.length;
      await this.fill();
      end = window.scan.indexOf(this.dialect.lineEnd, window.at);
    }
    window.at = end < 0 ? window.scan.length : end + 1;
    const really = kind === 'broken' && long ? 'too-large' : kind;
    return {
      kind: really,
      bytes,
      next: window.offsetOf(window.at),
      ...(column === undefined ? {} : { column }),
    };
  }
}

function count(bytes: Uint8Array, from: number, to: number, byte: number): number {
  let found = 0;
  for (let at = bytes.indexOf(byte, from); at >= 0 && at < to; at = bytes.indexOf(byte, at + 1)) found++;
  return found;
}
