// Finds where a record ends, on bytes: in UTF-8, GB18030 and Big5 the bytes of quote, delimiters and line breaks stand
// for nothing else. UTF-16 is scanned through a projection with one byte per unit.

export const QUOTE = 0x22;
export const LF = 0x0a;
export const CR = 0x0d;

export type Dialect = Readonly<{ delimiter: number; lineEnd: number }>;

/**
 * `complete`: the record ends before `end`, the next begins at `next`. `more`: it does not end within the bytes.
 * `broken`: a closing quote is followed by something else, or none comes before the end of the file.
 */
export type Scan =
  | Readonly<{ state: 'complete'; end: number; next: number; columns: number; lines: number }>
  | Readonly<{ state: 'more' | 'broken'; column: number; inQuote: boolean }>;

/** Scans one record of `bytes` from `start`; `ended` says that the file ends with them. */
export function scanRecord(bytes: Uint8Array, start: number, dialect: Dialect, ended: boolean): Scan {
  let at = start;
  for (let column = 0; ; column++) {
    const quoted = bytes[at] === QUOTE;
    if (quoted) {
      const closing = closingQuote(bytes, at + 1, ended);
      if (closing < 0) return { state: ended ? 'broken' : 'more', column, inQuote: true };
      at = closing + 1;
    } else {
      while (at < bytes.length && bytes[at] !== dialect.delimiter && bytes[at] !== dialect.lineEnd) at++;
    }
    if (at < bytes.length && bytes[at] === dialect.delimiter) {
      at++;
      continue;
    }
    return ending({ bytes, start, at, column, quoted }, dialect, ended);
  }
}

type Place = Readonly<{ bytes: Uint8Array; start: number; at: number; column: number; quoted: boolean }>;

function ending({ bytes, start, at, column, quoted }: Place, dialect: Dialect, ended: boolean): Scan {
  const done = (end: number, next: number): Scan => {
    return {
      state: 'complete',
      end,
      next,
      columns: column + 1,
      lines: linesIn(bytes, start, end, dialect.lineEnd),
    };
  };
  if (at >= bytes.length)
    return ended ? done(trimCr(bytes, start, at, dialect), at) : { state: 'more', column, inQuote: false };
  if (bytes[at] === dialect.lineEnd) return done(trimCr(bytes, start, at, dialect), at + 1);
  if (quoted && bytes[at] === CR) {
    if (at + 1 >= bytes.length) return ended ? done(at, at + 1) : { state: 'more', column, inQuote: false };
    if (bytes[at + 1] === dialect.lineEnd) return done(at, at + 2);
  }
  return { state: 'broken', column, inQuote: true };
}

/** The quote that ends a field, or -1. A doubled quote is a quote in the text. */
function closingQuote(bytes: Uint8Array, from: number, ended: boolean): number {
  let at = from;
  for (;;) {
    at = bytes.indexOf(QUOTE, at);
    if (at < 0) return -1;
    if (at + 1 >= bytes.length) return ended ? at : -1;
    if (bytes[at + 1] !== QUOTE) return at;
    at += 2;
  }
}

const trimCr = (bytes: Uint8Array, start: number, end: number, dialect: Dialect): number =>
  dialect.lineEnd === LF && end > start && bytes[end - 1] === CR ? end - 1 : end;

function linesIn(bytes: Uint8Array, start: number, end: number, lineEnd: number): number {
  let lines = 1;
  for (let at = bytes.indexOf(lineEnd, start); at >= 0 && at < end; at = bytes.indexOf(lineEnd, at + 1))
    lines++;
  return lines;
}
