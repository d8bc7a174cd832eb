// npm run check: what every change must pass, in under two minutes. Two lanes for two cores; says at the end what failed.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pinnedEnv, pinnedNode, prepare, repository } from './lib/prepare.mjs';

const bin = (path) => join(repository, 'node_modules', path);
const own = (name) => join(repository, 'tools/bin', name);
const jest = [
  '--experimental-vm-modules',
  bin('jest/bin/jest.js'),
  '--selectProjects',
  'unit',
  '--maxWorkers=1',
  // a busy machine is slow, not broken
  '--testTimeout=60000',
  '--silent',
];
// the other steps read the types that this one writes
const FIRST = [['types of the sources', [bin('typescript/bin/tsc'), '-b']]];
const LANES = [
  [
    ['boundaries', [own('check-boundaries.mjs')]],
    ['lint', [own('lint.mjs')]],
    ['OpenAPI documents', [join(repository, 'tools/dist/openapi.js'), '--check']],
    ['event catalogue', [join(repository, 'libs/contracts/scripts/release.mjs'), '--check']],
  ],
  [
    ['types of the specs', [bin('typescript/bin/tsc'), '-p', 'tsconfig.spec.json']],
    ['format', [bin('prettier/bin/prettier.cjs'), '--check', '--cache', '--log-level', 'warn', '.']],
    ['pure tests', jest],
  ],
];

await prepare({ build: false });
const began = Date.now();
const failed = [...(await runLane(FIRST)), ...(await Promise.all(LANES.map(runLane))).flat()];
if (failed.length > 0) console.error(`✗ failed: ${failed.join(', ')}`);
console.log(`${failed.length === 0 ? '✓' : '✗'} check: ${seconds(began)}`);
process.exitCode = failed.length > 0 ? 1 : 0;

async function runLane(steps) {
  const names = [];
  for (const [title, args] of steps) {
    const started = Date.now();
    const { code, output } = await capture(args);
    if (code !== 0) {
      names.push(title);
      console.log(output.trimEnd());
    }
    console.log(`${code === 0 ? '✓' : '✗'} ${title}: ${seconds(started)}`);
  }
  return names;
}

/** Lanes would mix their lines, so each step's output is held back, and shown only when it failed. */
function capture(args) {
  return new Promise((done, failed) => {
    const options = { cwd: repository, env: pinnedEnv(), stdio: ['ignore', 'pipe', 'pipe'] };
    const child = spawn(pinnedNode(), ['--disable-warning=ExperimentalWarning', ...args], options);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', failed);
    child.once('close', (code) => done({ code, output }));
  });
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
