import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file by its path in the repository, as it is to be. */
export type NewFile = Readonly<{ path: string; text: string }>;

/** What was written and can be taken back, until it is kept. */
export class Change {
  private readonly before = new Map<string, string | undefined>();
  private readonly made: string[] = [];

  constructor(private readonly repository: string) {}

  write({ path, text }: NewFile): void {
    this.remember(path);
    const file = this.inside(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** A link to a folder of the repository. */
  link(path: string, target: string): void {
    this.made.push(path);
    rmSync(this.inside(path), { recursive: true, force: true });
    symlinkSync(target, this.inside(path), 'dir');
  }

  /** Takes note of a file that a program is going to write; undefined content means that it is not there yet. */
  remember(path: string): void {
    const file = this.inside(path);
    if (!this.before.has(path))
      this.before.set(path, existsSync(file) ? readFileSync(file, 'utf8') : undefined);
  }

  /** Takes note of a folder or file that goes as a whole when the change is taken back. */
  make(path: string): void {
    this.made.push(path);
  }

  /** Makes everything as it was. */
  undo(): void {
    for (const [path, text] of this.before) {
      if (text === undefined) rmSync(this.inside(path), { force: true });
      else writeFileSync(this.inside(path), text);
    }
    for (const path of this.made) rmSync(this.inside(path), { recursive: true, force: true });
  }

  private inside(path: string): string {
    return join(this.repository, path);
  }
}
