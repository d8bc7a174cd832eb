import { execFile } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PART_BYTES = 1024 * 1024;

/** A disk in memory that is small enough to be filled up; needs root. */
export class SmallDisk {
  private constructor(private readonly folder: string) {}

  static async mount(folder: string, mebibytes: number): Promise<SmallDisk> {
    await mkdir(folder, { recursive: true });
    await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'steward-small-disk', folder]);
    return new SmallDisk(folder);
  }

  /** Takes every block that is free. */
  async fill(): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    const part = Buffer.alloc(PART_BYTES);
    for (let left = bavail * bsize + PART_BYTES; left > 0; left -= PART_BYTES) {
      try {
        await writeFile(this.ballast, part, { flag: 'a' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
        throw error;
      }
    }
  }

  /** Gives back what `fill` took. */
  async free(): Promise<void> {
    await rm(this.ballast, { force: true });
  }

  async takeAway(): Promise<void> {
    await run('umount', ['--lazy', this.folder]);
  }

  private get ballast(): string {
    return join(this.folder, 'ballast');
  }
}
