import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Change, type NewFile } from './change.js';
import { editedFiles } from './edits.js';
import { nameProblem } from './name.rules.js';
import { filesOf, settingsOf } from './template.js';

const USAGE = 'npm run new-service -- <name>     3 to 20 small letters a-z, such as "frontdesk"';
const FOLDERS = ['services', 'libs', 'libs/contracts/src'];
/** What the programs below write besides files of the service. */
const GENERATED = [
  'libs/contracts/released/index.json',
  'docs/events/README.md',
  'docs/events/asyncapi.json',
];
const EVENTS = ['audit-head-sealed', 'note-written', 'note-closed'];

type Say = (line: string) => void;

/** Adds a service to the repository, or throws in plain words and leaves everything as it was. */
export async function newService(repository: string, args: readonly string[], say: Say): Promise<void> {
  const [name] = args;
  if (args.length !== 1 || name === undefined) throw new Error(USAGE);
  const problem = nameProblem(name, taken(repository));
  if (problem) throw new Error(problem);
  const files = await plan(repository, name);
  const change = new Change(repository);
  const keepGoing = () => undefined;
  // Ctrl-C reaches the program that works; that it failed is the reason to take everything back
  process.on('SIGINT', keepGoing);
  try {
    carryOut(repository, name, files, change, say);
  } catch (error) {
    change.undo();
    throw error;
  } finally {
    process.off('SIGINT', keepGoing);
  }
  say(nextSteps(name, files.length));
}

const taken = (repository: string): string[] =>
  FOLDERS.flatMap((folder) => readdirSync(join(repository, folder)));

/** Everything that is going to be written, formatted; nothing is written yet. */
async function plan(repository: string, name: string): Promise<NewFile[]> {
  const { format, resolveConfig } = await import('prettier');
  const settings = settingsOf(repository, name);
  const manifest = JSON.parse(settings[0]!.text) as Parameters<typeof editedFiles>[2];
  const made = [...settings, ...filesOf(repository, name)];
  const edited = editedFiles(repository, name, manifest);
  for (const { path } of made)
    if (existsSync(join(repository, path))) throw new Error(`${path} is there already; nothing was changed.`);
  return Promise.all(
    [...made, ...edited].map(async ({ path, text }) => {
      if (path === 'package-lock.json') return { path, text };
      const filepath = join(repository, path);
      return { path, text: await format(text, { ...(await resolveConfig(filepath)), filepath }) };
    }),
  );
}

function carryOut(repository: string, name: string, files: NewFile[], change: Change, say: Say): void {
  for (const path of GENERATED) change.remember(path);
  for (const event of EVENTS) change.make(`libs/contracts/released/${name}.${event}.v1.json`);
  for (const place of [`services/${name}`, `libs/contracts/src/${name}`]) change.make(place);
  for (const file of files) change.write(file);
  // what npm does for a workspace, so that the compiler finds it at once
  change.link(`node_modules/@steward/service-${name}`, `../../services/${name}`);
  const run = (title: string, ...command: string[]) => {
    say(`· ${title} …`);
    const options = { cwd: repository, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
    if (status !== 0) throw new Error(`${title} failed, so nothing was changed:\n${stdout}${stderr}`);
  };
  run('building', 'node_modules/typescript/bin/tsc', '-b');
  run('events', 'libs/contracts/scripts/release.mjs');
  run('OpenAPI document', 'tools/dist/openapi.js');
}

const nextSteps = (
  name: string,
  count: number,
): string => `✓ services/${name} is there (${count} files written or changed)

Look at it:
  npm run check: passes as it is
  npm test -- services/${name}: its tests, on PostgreSQL and Kafka
  npm start: runs it; its notes are at /api/v1/${name}-notes
Make it yours:
  1. services/${name}/README.md: what it is for; then replace the example "note" by your first aggregate
     (CONTRIBUTING.md, "A feature"). Its events in libs/contracts/src/${name} may go as long as nobody merged them.
  2. services/gateway/src/routing/api-services.rules.ts: the first path segments that it answers.
  3. docs/architecture.md, docs/glossary.md: its row and its words; docs/rules: the rules that it keeps.`;
