import { READ_BYTES, type ByteSource } from './byte-source.js';

/** How wide a unit of text is: one byte, or a 16-bit unit of UTF-16. */
export type UnitWidth = Readonly<{ bytes: 1 | 2; bigEndian: boolean }>;

const EMPTY = new Uint8Array(0);
/** Stands for every unit of UTF-16 outside ASCII in the projection. */
const OTHER = 0x80;

/**
 * The part of a file around the place where a reader stands. `scan` has one byte per unit of text, `at` is the reader's
 * place in it. Memory stays at one read plus the record in hand.
 */
export class ByteWindow {
  scan: Uint8Array = EMPTY;
  at = 0;
  ended = false;
  private raw: Uint8Array = EMPTY;
  /** Position in the file of the first byte of `raw`. */
  private base: number;

  constructor(
    private readonly source: ByteSource,
    offset: number,
    private readonly unit: UnitWidth,
  ) {
    this.base = offset;
  }

  /** Position in the file of a place in `scan`. */
  offsetOf(place: number): number {
    return this.base + place * this.unit.bytes;
  }

  /** The bytes of the file between two places in `scan`. */
  slice(from: number, to: number): Uint8Array {
    return this.raw.subarray(from * this.unit.bytes, to * this.unit.bytes);
  }

  /** Bytes that have been read beyond the place. */
  get aheadBytes(): number {
    return (this.scan.length - this.at) * this.unit.bytes;
  }

  /** Reads on, and lets go of what lies before the place. */
  async fill(): Promise<void> {
    const rest = this.raw.subarray(this.at * this.unit.bytes);
    const from = this.base + this.raw.length;
    const more = await this.source.read(from, Math.min(READ_BYTES, this.source.size - from));
    this.base += this.at * this.unit.bytes;
    this.at = 0;
    this.raw = rest.length > 0 ? Buffer.concat([rest, more]) : more;
    this.ended = more.length === 0 || from + more.length >= this.source.size;
    this.scan = this.unit.bytes === 1 ? this.raw : project(this.raw, this.unit.bigEndian);
  }
}

function project(raw: Uint8Array, bigEndian: boolean): Uint8Array {
  const units = raw.length >> 1;
  const scan = new Uint8Array(units);
  const high = bigEndian ? 0 : 1;
  for (let i = 0; i < units; i++) {
    const low = raw[2 * i + 1 - high]!;
    scan[i] = raw[2 * i + high] === 0 && low < OTHER ? low : OTHER;
  }
  return scan;
}
