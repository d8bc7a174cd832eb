import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from './platform-under-test.js';

/** What is no part of the sources, and what programs write over in place. */
const LEFT_OUT = new Set(['node_modules', '.git', '.nx', 'var', 'coverage']);

export type Done = Readonly<{ code: number | null; output: string }>;

/** The repository with its packages in a folder of its own, where a test may change everything. */
export class RepositoryCopy {
  readonly folder = mkdtempSync(join(tmpdir(), 'steward-copy-'));

  constructor() {
    for (const name of readdirSync(REPOSITORY).filter((one) => !LEFT_OUT.has(one)))
      cpSync(join(REPOSITORY, name), join(this.folder, name), { recursive: true, preserveTimestamps: true });
    const packages = join(this.folder, 'node_modules');
    mkdirSync(packages);
    const from = join(REPOSITORY, 'node_modules');
    const all = readdirSync(from).filter((name) => !name.startsWith('.') || name === '.bin');
    const paths = all.map((name) => join(from, name));
    // linked where the file system allows it: nobody writes into an installed package
    const linked = spawnSync('cp', ['-al', ...paths, packages]).status === 0;
    if (!linked) spawnSync('cp', ['-a', ...paths, packages]);
    for (const name of ['.package-lock.json', '.steward-install'])
      cpSync(join(from, name), join(packages, name), { force: true, preserveTimestamps: true });
  }

  /** Runs a program of the repository on the pinned Node. */
  run(...args: string[]): Done {
    const { NODE_OPTIONS: _options, ...env } = process.env;
    const options = { cwd: this.folder, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
    return { code: status, output: stdout + stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
