import { existsSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { delimiter, join } from 'node:path';

/**
 * The archive of loaded classes that halves the work of starting the broker. The first broker that ends in an orderly
 * way leaves one beside its jars (Java's dynamic class data sharing); it holds for one Java and one set of jars.
 */
export class ClassArchive {
  private readonly file: string;
  private readonly fresh: string;

  constructor(private readonly libDir: string) {
    this.file = join(libDir, `classes-${fingerprint(libDir)}.jsa`);
    this.fresh = `${this.file}.${process.pid}.new`;
    for (const name of readdirSync(libDir)) if (isLeftOver(name)) rmSync(join(libDir, name), { force: true });
  }

  /** Options for Java: use the archive, or make one at the end. Another make of Java ignores what it does not know. */
  flags(): string[] {
    const use = existsSync(this.file);
    return [
      '-XX:+IgnoreUnrecognizedVMOptions',
      use ? `-XX:SharedArchiveFile=${this.file}` : `-XX:ArchiveClassesAtExit=${this.fresh}`,
    ];
  }

  /** Takes over what the broker left; an archive that a kill cut short is thrown away. */
  keep(orderly: boolean): void {
    if (!existsSync(this.fresh)) return;
    if (!orderly) return rmSync(this.fresh, { force: true });
    for (const old of readdirSync(this.libDir))
      if (old.endsWith('.jsa')) rmSync(join(this.libDir, old), { force: true });
    renameSync(this.fresh, this.file);
  }
}

/** An unfinished archive whose maker is gone. */
function isLeftOver(name: string): boolean {
  const maker = /\.jsa\.(\d+)\.new$/.exec(name)?.[1];
  if (!maker) return false;
  try {
    process.kill(Number(maker), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function fingerprint(libDir: string): string {
  const hash = createHash('sha256').update(process.arch);
  for (const jar of readdirSync(libDir)
    .filter((name) => name.endsWith('.jar'))
    .sort()) {
    hash.update(`${jar} ${statSync(join(libDir, jar)).mtimeMs}\n`);
  }
  const java = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'java'))
    .find(existsSync);
  if (java) hash.update(`${realpathSync(java)} ${statSync(java).mtimeMs}`);
  return hash.digest('hex').slice(0, 12);
}
