// Writes the schemas of new and compatibly changed events to released/, and the catalogue to docs/events/.
// With --check it writes nothing and fails on drift, on a breaking change, and on a released file that is gone or
// broken compared with the merge base. Run it after the build.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { asyncApi, cataloguePage, checkCatalogue, currentCatalogue } from '../dist/index.js';
import { ALLOWED_FIELDS, suspectFields } from '../dist/personal-values.js';

const root = join(import.meta.dirname, '../../..');
const releasedDir = join(root, 'libs/contracts/released');
const docsDir = join(root, 'docs/events');
const check = process.argv.includes('--check');

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

function catalogueFrom(names, read) {
  const index = names.includes('index.json') ? JSON.parse(read('index.json')) : [];
  const types = names.filter((name) => name.endsWith('.json') && name !== 'index.json');
  return {
    index,
    schemas: Object.fromEntries(
      types.map((name) => [name.slice(0, -'.json'.length), JSON.parse(read(name))]),
    ),
  };
}

function releasedCatalogue() {
  if (!existsSync(releasedDir)) return { index: [], schemas: {} };
  return catalogueFrom(readdirSync(releasedDir), (name) => readFileSync(join(releasedDir, name), 'utf8'));
}

function git(...args) {
  return execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

function mergeBase() {
  for (const branch of ['main', 'origin/main']) {
    try {
      return git('merge-base', 'HEAD', branch);
    } catch {
      // No such branch or no commit in common: the next one may have it.
    }
  }
  return undefined;
}

// Undefined when there is nothing to compare with; says why.
function catalogueOfMergeBase() {
  const base = mergeBase();
  if (base === undefined) return skip('there is no merge base with main (no git history here)');
  const folder = relative(root, releasedDir);
  const names = git('ls-tree', '--name-only', base, `${folder}/`)
    .split('\n')
    .filter((path) => path !== '')
    .map((path) => basename(path));
  if (names.length === 0) return skip(`the merge base ${base.slice(0, 10)} has no released schemas`);
  return catalogueFrom(names, (name) => git('show', `${base}:${folder}/${name}`));
}

function skip(reason) {
  console.log(`Comparison with the merge base skipped: ${reason}.`);
  return undefined;
}

const tell = (title, breaking) =>
  breaking.map(({ path, kind, detail }) => `${title}: ${path}: ${kind}: ${detail}`);

function personalProblems(current) {
  return current.index
    .filter(({ kind }) => kind === 'event')
    .flatMap(({ type }) =>
      suspectFields(current.schemas[type])
        .filter(({ path }) => ALLOWED_FIELDS[type]?.[path] === undefined)
        .map(({ path, why }) => `personal value in history: ${type} ${path}: ${why}`),
    );
}

async function wantedFiles(current) {
  const files = { [join(releasedDir, 'index.json')]: json(current.index) };
  for (const [type, schema] of Object.entries(current.schemas))
    files[join(releasedDir, `${type}.json`)] = json(schema);
  const docs = { 'asyncapi.json': json(asyncApi()), 'README.md': cataloguePage() };
  for (const [name, text] of Object.entries(docs))
    files[join(docsDir, name)] = await formatted(join(docsDir, name), text);
  return files;
}

async function formatted(path, text) {
  const prettier = await import('prettier');
  return prettier.format(text, { ...(await prettier.resolveConfig(path)), filepath: path });
}

function driftOf(files) {
  const stale = Object.entries(files).filter(
    ([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
  );
  const extra = existsSync(releasedDir)
    ? readdirSync(releasedDir)
        .map((name) => join(releasedDir, name))
        .filter((path) => files[path] === undefined)
    : [];
  return { stale, extra: extra.map((path) => `no event behind released file: ${relative(root, path)}`) };
}

async function main() {
  const current = currentCatalogue();
  const base = check ? catalogueOfMergeBase() : undefined;
  const files = await wantedFiles(current);
  const { stale, extra } = driftOf(files);
  const problems = [
    ...tell('breaks a released schema', checkCatalogue(releasedCatalogue(), current)),
    ...(base === undefined ? [] : tell('breaks the merge base', checkCatalogue(base, current))),
    ...(base === undefined
      ? []
      : tell('released files differ from the merge base', checkCatalogue(base, releasedCatalogue()))),
    ...personalProblems(current),
    ...extra,
    ...(check
      ? stale.map(
          ([path]) => `out of date (run node libs/contracts/scripts/release.mjs): ${relative(root, path)}`,
        )
      : []),
  ];
  if (problems.length > 0) {
    console.error(problems.join('\n'));
    process.exitCode = 1;
    return;
  }
  if (!check) {
    for (const dir of [releasedDir, docsDir]) mkdirSync(dir, { recursive: true });
    for (const [path, text] of stale) writeFileSync(path, text);
  }
  console.log(
    `${current.index.length} released types; ${check ? 'nothing drifted' : `${stale.length} files written`}.`,
  );
}

await main();
