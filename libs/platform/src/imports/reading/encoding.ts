import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** Encodings that a text file may be declared to have. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'windows-1252', 'big5'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export type Detected = Readonly<{ encoding: Encoding; bomBytes: number }>;

const LOOK_FOR_ZEROS = 8192;
/** Chinese text of the GB2312 area has both bytes from here on; accented Latin letters before plain ones do not. */
const HIGH = 0xa1;
const PLAUSIBLE = 0.8;

/**
 * Tells the encoding of a text file from its first bytes: by its byte order mark, by the zeros of UTF-16, else UTF-8 or
 * GB18030 by what most lines with other than ASCII characters are. A few bad lines do not decide: they are rejected
 * one by one later. `declared` wins over everything but is checked against the mark's length.
 */
export function detectEncoding(head: Uint8Array, declared?: Encoding): Detected {
  const marked = byMark(head);
  if (declared) return { encoding: declared, bomBytes: marked?.encoding === declared ? marked.bomBytes : 0 };
  if (marked) return marked;
  const encoding = byZeros(head.subarray(0, LOOK_FOR_ZEROS)) ?? byLines(head);
  return { encoding, bomBytes: 0 };
}

/** A decoder that throws on invalid bytes. */
export const strictDecoder = (encoding: Encoding): TextDecoder =>
  new TextDecoder(encoding, { fatal: true, ignoreBOM: true });

function byMark(head: Uint8Array): Detected | undefined {
  const [a, b, c] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', bomBytes: 3 };
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', bomBytes: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', bomBytes: 2 };
  if (a === 0x84 && b === 0x31 && c === 0x95 && head[3] === 0x33) return { encoding: 'gb18030', bomBytes: 4 };
  return undefined;
}

function byZeros(head: Uint8Array): Encoding | undefined {
  const zeros = [0, 0];
  for (let i = 0; i < head.length; i++) if (head[i] === 0) zeros[i & 1]!++;
  const [even, odd] = zeros as [number, number];
  if ((even + odd) * 100 < head.length) return undefined;
  if (odd > even * 10) return 'utf-16le';
  if (even > odd * 10) return 'utf-16be';
  return undefined;
}

function byLines(head: Uint8Array): Encoding {
  if (isUtf8(head)) return 'utf-8';
  const decoder = strictDecoder('gb18030');
  const votes = { utf8: 0, gb: 0, other: 0 };
  for (const line of linesOf(head)) {
    if (!line.some((byte) => byte >= 0x80)) continue;
    if (isUtf8(line)) votes.utf8++;
    else if (looksLikeGb(line, decoder)) votes.gb++;
    else votes.other++;
  }
  return votes.gb > votes.utf8 + votes.other ? 'gb18030' : 'utf-8';
}

function* linesOf(head: Uint8Array): Generator<Uint8Array> {
  let start = 0;
  for (;;) {
    const end = head.indexOf(0x0a, start);
    if (end < 0) break;
    yield head.subarray(start, end);
    start = end + 1;
  }
  // The last piece may be cut anywhere; it counts only when it is the only one.
  if (start === 0) yield head;
}

function looksLikeGb(line: Uint8Array, decoder: TextDecoder): boolean {
  try {
    decoder.decode(line);
  } catch {
    return false;
  }
  let pairs = 0;
  let high = 0;
  for (let i = 0; i < line.length; i++) {
    if (line[i]! < 0x80) continue;
    pairs++;
    if (line[i]! >= HIGH && (line[i + 1] ?? 0) >= HIGH) high++;
    i++;
  }
  return high >= pairs * PLAUSIBLE;
}
