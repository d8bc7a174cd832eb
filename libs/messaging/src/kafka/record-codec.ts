import { createRequire } from 'node:module';

type Encoder = {
  buf: Buffer;
  offset: number;
  ensureAvailable: (this: Encoder, length: number) => void;
  writeUVarInt: (this: Encoder, value: number) => Encoder;
  writeVarLong: (this: Encoder, value: unknown) => Encoder;
};

type EncoderClass = {
  prototype: Encoder;
  sizeOfVarInt: (this: EncoderClass, value: number) => number;
  sizeOfVarLong: (this: EncoderClass, value: unknown) => number;
  nextPowerOfTwo: (this: EncoderClass, value: number) => number;
};

type Decoder = { readVarInt(): number; readVarIntArray(read: (decoder: Decoder) => unknown): unknown[] };
type DecoderClass = { prototype: Decoder };
type Header = { key: string; value: Buffer };
type Headers = Record<string, Buffer | Buffer[]>;

const load = <T>(name: string): T => createRequire(import.meta.url)(`kafkajs/src/protocol/${name}.js`) as T;

/** The client's encoder and decoder of the protocol. They are not public, so tests guard what they write and read. */
export const protocolClasses = (): { encoder: EncoderClass; decoder: DecoderClass } => ({
  encoder: load('encoder'),
  decoder: load('decoder'),
});

/**
 * Halves what the client's codec costs for messages with many small headers, byte for byte the same: see the parts.
 */
export function fastenRecordCodec(): void {
  const { encoder, decoder } = protocolClasses();
  fastenNumbers(encoder);
  useSmallBuffers(encoder);
  fastenHeaders(decoder);
}

const SMALL = 0x3fffffff;
const isSmall = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value < SMALL;

// It writes each length through an array and a buffer of its own, and calculates with emulated 64-bit integers where
// the value is nearly always 0.
function fastenNumbers(encoder: EncoderClass): void {
  const { writeVarLong } = encoder.prototype;
  const { sizeOfVarLong } = encoder;
  encoder.prototype.writeUVarInt = function (value: number): Encoder {
    this.ensureAvailable(5);
    let rest = value;
    while ((rest & ~0x7f) !== 0) {
      this.buf[this.offset++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buf[this.offset++] = rest;
    return this;
  };
  encoder.prototype.writeVarLong = function (value: unknown): Encoder {
    return isSmall(value) ? this.writeUVarInt(value * 2) : writeVarLong.call(this, value);
  };
  encoder.sizeOfVarLong = (value: unknown) =>
    isSmall(value) ? encoder.sizeOfVarInt(value) : sizeOfVarLong.call(encoder, value);
}

const FIRST_SIZE = 511;

// It gives each header 512 bytes outside of the heap. Most need fewer than 64, which lie inside; what outgrows them is
// a record or more. The size of growth is asked of nobody, so the first size stands for a new encoder only.
function useSmallBuffers(encoder: EncoderClass): void {
  const { nextPowerOfTwo } = encoder;
  encoder.nextPowerOfTwo = (size) => (size === FIRST_SIZE ? 64 : nextPowerOfTwo.call(encoder, size));
  encoder.prototype.ensureAvailable = function (length: number): void {
    const needed = this.offset + length;
    if (needed <= this.buf.length) return;
    const grown = Buffer.alloc(Math.max(needed <= 128 ? 128 : 1024, nextPowerOfTwo.call(encoder, needed)));
    this.buf.copy(grown, 0, 0, this.offset);
    this.buf = grown;
  };
}

/** Headers as they were read. The client folds them with `reduce`, copying the object once per header. */
class ReadHeaders extends Array<Header> {
  override reduce<T>(): T {
    const headers: Headers = {};
    for (const { key, value } of this) {
      const known = headers[key];
      if (known === undefined) headers[key] = value;
      else headers[key] = Array.isArray(known) ? [...known, value] : [known, value];
    }
    return headers as T;
  }
}

// Only the headers of records are arrays with variable lengths.
function fastenHeaders(decoder: DecoderClass): void {
  decoder.prototype.readVarIntArray = function (read): unknown[] {
    const headers = new ReadHeaders();
    for (let left = this.readVarInt(); left > 0; left -= 1) headers.push(read(this) as Header);
    return headers;
  };
}
