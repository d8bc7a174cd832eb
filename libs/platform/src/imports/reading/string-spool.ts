import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImportFailure } from '../import-failure.js';

const PAGE = 64 * 1024;
const PAGES = 256;
const MAX_STRINGS = 10_000_000;

/**
 * A long list of texts on disk, by number, with a bounded cache: a workbook's shared strings. The file has no name any
 * more once it is open, so a killed process leaves nothing behind.
 */
export class StringSpool {
  count = 0;
  private ends = new Float64Array(1024);
  private length = 0;
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private readonly pages = new Map<number, Buffer>();
  private readonly file: number;
  private readonly folder: string;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'import-'));
    this.file = openSync(join(this.folder, 'strings'), 'wx+', 0o600);
    try {
      rmSync(this.folder, { recursive: true });
    } catch {
      // Some systems keep open files; then `close` removes it.
    }
  }

  add(text: string): void {
    if (this.count >= MAX_STRINGS) {
      throw new ImportFailure({
        code: 'import.workbook-too-large',
        detail: `The workbook has more than ${MAX_STRINGS} texts.`,
      });
    }
    const bytes = Buffer.from(text);
    if (this.count === this.ends.length) {
      const longer = new Float64Array(this.ends.length * 2);
      longer.set(this.ends);
      this.ends = longer;
    }
    this.length += bytes.length;
    this.ends[this.count++] = this.length;
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    if (this.pendingBytes >= PAGE) this.flush();
  }

  /** The text with a number; undefined when there is none. */
  get(index: number): string | undefined {
    if (!(index >= 0 && index < this.count)) return undefined;
    this.flush();
    const from = index === 0 ? 0 : this.ends[index - 1]!;
    return this.bytes(from, this.ends[index]!).toString();
  }

  close(): void {
    closeSync(this.file);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private flush(): void {
    if (this.pendingBytes === 0) return;
    const bytes = Buffer.concat(this.pending);
    for (let at = 0; at < bytes.length;) at += writeSync(this.file, bytes, at);
    this.pending = [];
    this.pendingBytes = 0;
    this.pages.clear();
  }

  private bytes(from: number, to: number): Buffer {
    const first = Math.floor(from / PAGE);
    const last = Math.floor(Math.max(from, to - 1) / PAGE);
    const parts: Buffer[] = [];
    for (let page = first; page <= last; page++) {
      const start = page * PAGE;
      parts.push(this.page(page).subarray(Math.max(0, from - start), to - start));
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  private page(number: number): Buffer {
    let page = this.pages.get(number);
    if (page) this.pages.delete(number);
    else {
      page = Buffer.alloc(PAGE);
      const read = readSync(this.file, page, 0, PAGE, number * PAGE);
      page = page.subarray(0, read);
    }
    this.pages.set(number, page);
    if (this.pages.size > PAGES) this.pages.delete(this.pages.keys().next().value!);
    return page;
  }
}
