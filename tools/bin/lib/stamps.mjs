// Remembers what was installed and built, so that a start with nothing changed does neither.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const CODE = /\.(ts|json)$/;
const SKIPPED = new Set(['node_modules', 'dist', 'var', '.git', '.nx', 'lib', 'target', 'coverage']);
const ROOTS = ['libs', 'services', 'tools', 'e2e', 'bench'];

export const installStamp = (repository) => join(repository, 'node_modules/.steward-install');
export const buildStamp = (repository) => join(repository, 'node_modules/.steward-build');

/** Names the state of the dependencies. */
export function installState(repository) {
  const lock = readFileSync(join(repository, 'package-lock.json'));
  return createHash('sha256').update(`${process.platform} ${process.arch} `).update(lock).digest('hex');
}

/** Names the state of the sources by path, size and time: reading them all would cost more than it saves. */
export function buildState(repository) {
  const hash = createHash('sha256').update(installState(repository));
  const configs = ['tsconfig.json', 'tsconfig.base.json'].map((name) => join(repository, name));
  const files = [...configs, ...ROOTS.flatMap((root) => sourcesUnder(join(repository, root)))];
  for (const file of files) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

function sourcesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : sourcesUnder(path);
      return CODE.test(entry.name) && !entry.name.endsWith('.spec.ts') ? [path] : [];
    });
}

export function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

export function writeStamp(file, state) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, state);
}
