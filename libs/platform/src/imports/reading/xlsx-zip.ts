import { Readable } from 'node:stream';
import { fromRandomAccessReaderPromise, RandomAccessReader, type Entry, type ZipFile } from 'yauzl';
import { ImportFailure } from '../import-failure.js';
import type { ByteSource } from './byte-source.js';

export type ZipLimits = Readonly<{ maxUnzippedBytes: number; maxUnzipRatio: number }>;

const MAX_ENTRIES = 5000;
const READ_BYTES = 256 * 1024;
/** Small parts may be very well packed without harm. */
const RATIO_MATTERS_FROM = 16 * 1024 * 1024;

class SourceReader extends RandomAccessReader {
  constructor(private readonly source: ByteSource) {
    super();
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.pieces(start, end), { objectMode: false });
  }

  private async *pieces(start: number, end: number): AsyncGenerator<Uint8Array> {
    for (let at = start; at < end;) {
      const piece = await this.source.read(at, Math.min(READ_BYTES, end - at));
      if (piece.length === 0) return;
      at += piece.length;
      yield piece;
    }
  }
}

const badZip = (): ImportFailure =>
  new ImportFailure({
    code: 'import.broken-workbook',
    detail: 'The workbook is damaged: open it in a spreadsheet program and save it again.',
  });

const bomb = (detail: string): ImportFailure =>
  new ImportFailure({ code: 'import.workbook-too-large', detail });

/** The parts of a workbook by name; what is unpacked is bounded in sum and in ratio (a zip bomb ends the job). */
export class XlsxZip {
  private unpacked = 0;

  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
    private readonly limits: ZipLimits,
  ) {}

  static async open(source: ByteSource, limits: ZipLimits): Promise<XlsxZip> {
    try {
      const zip = await fromRandomAccessReaderPromise(new SourceReader(source), source.size, {
        lazyEntries: true,
        autoClose: false,
      });
      if (zip.entryCount > MAX_ENTRIES) throw bomb(`The workbook has more than ${MAX_ENTRIES} parts.`);
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
      return new XlsxZip(zip, entries, limits);
    } catch (error) {
      throw error instanceof ImportFailure ? error : badZip();
    }
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  sizeOf(name: string): number {
    return this.entries.get(name)?.uncompressedSize ?? 0;
  }

  /** The unpacked bytes of a part. Throws `ImportFailure` when it is missing, damaged or beyond the limits. */
  async *read(name: string): AsyncGenerator<Uint8Array> {
    const entry = this.entries.get(name);
    if (!entry || entry.isEncrypted()) throw badZip();
    this.admit(entry);
    try {
      // yauzl refuses a part that gives more or fewer bytes than it declared.
      const stream = await this.zip.openReadStreamPromise(entry);
      for await (const piece of stream) yield piece as Uint8Array;
    } catch (error) {
      throw error instanceof ImportFailure ? error : badZip();
    }
  }

  private admit(entry: Entry): void {
    this.unpacked += entry.uncompressedSize;
    const { maxUnzippedBytes, maxUnzipRatio } = this.limits;
    if (this.unpacked > maxUnzippedBytes)
      throw bomb(`The workbook unpacks to more than ${maxUnzippedBytes} bytes.`);
    const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
    if (entry.uncompressedSize > RATIO_MATTERS_FROM && ratio > maxUnzipRatio)
      throw bomb(`A part of the workbook unpacks to more than ${maxUnzipRatio} times its size.`);
  }

  close(): void {
    this.zip.close();
  }
}
