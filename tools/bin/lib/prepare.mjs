// Installs the packages and builds the sources, both only when something changed.
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machineProblems } from './checks.mjs';
import { buildStamp, buildState, installStamp, installState, readStamp, writeStamp } from './stamps.mjs';

export const repository = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const ANSWER_EVERY_MS = 5000;

/** The pinned Node of this repository, not the machine's. */
export const pinnedNode = () => join(repository, 'node_modules/.bin/node');

/** Environment in which every program finds the pinned Node first. */
export const pinnedEnv = () => ({
  ...process.env,
  PATH: `${join(repository, 'node_modules/.bin')}:${process.env.PATH}`,
});

/** Checks the machine, installs and builds. Ends the process with plain words when something is missing. */
export async function prepare(options = {}) {
  await stopUnlessReady(options);
  await installWhenNeeded();
  if (options.build !== false) await buildWhenNeeded();
}

/** Ends the process in plain words when the machine lacks something. */
export async function stopUnlessReady(options = {}) {
  const problems = await machineProblems(repository, process.env, options);
  if (problems.length > 0) giveUp(problems);
}

export function giveUp(problems) {
  for (const problem of problems) console.error(`✗ ${problem}`);
  process.exit(1);
}

export async function installWhenNeeded() {
  const wanted = installState(repository);
  const stamp = installStamp(repository);
  if (readStamp(stamp) === wanted) return;
  const hidden = join(repository, 'node_modules/.package-lock.json');
  const present = existsSync(hidden);
  const newer =
    present && statSync(hidden).mtimeMs >= statSync(join(repository, 'package-lock.json')).mtimeMs;
  // packages that someone installed by hand after the lock file was written are as good as ours
  if (!newer || readStamp(stamp) !== undefined) {
    // not "npm ci": it refuses a lock file written where the registry lacks the binaries of other platforms
    const args = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    await step(
      'installing packages',
      npm(args),
      () => `${countPackages()} of about ${expectedPackages()} packages`,
    );
  }
  writeStamp(stamp, wanted);
}

async function buildWhenNeeded() {
  const state = buildState(repository);
  const stamp = buildStamp(repository);
  if (readStamp(stamp) === state && existsSync(join(repository, 'tools/dist/start.js'))) return;
  const tsc = join(repository, 'node_modules/typescript/bin/tsc');
  await step('building', [pinnedNode(), [tsc, '-b']]);
  writeStamp(stamp, state);
}

function npm(args) {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? [process.execPath, [script, ...args]] : ['npm', args];
}

/** Runs one command and says how it goes, every few seconds. */
export async function step(title, [program, args]) {
  const began = Date.now();
  const seconds = () => `${((Date.now() - began) / 1000).toFixed(1)} s`;
  console.log(`· ${title} …`);
  const answers = setInterval(() => console.log(`  ${title}: ${seconds()}`), ANSWER_EVERY_MS);
  const code = await run(program, args).finally(() => clearInterval(answers));
  if (code !== 0) giveUp([`${title} failed (exit ${code}); the reason stands above`]);
  console.log(`✓ ${title}: ${seconds()}`);
}

/** Runs one command with our terminal; gives its exit code. */
export function run(program, args, { env = pinnedEnv() } = {}) {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { cwd: repository, stdio: 'inherit', env });
    child.once('error', failed);
    child.once('exit', (code, signal) => done(code ?? signal));
  });
}
