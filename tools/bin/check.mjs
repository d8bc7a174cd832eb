// npm run check: what every change must pass, in under two minutes. Stops at nothing, then says what failed.
import { join } from 'node:path';
import { pinnedNode, prepare, repository, run } from './lib/prepare.mjs';

const bin = (path) => join(repository, 'node_modules', path);
const STEPS = [
  ['format', [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ['lint', [join(repository, 'tools/bin/lint.mjs')]],
  ['types of the sources', [bin('typescript/bin/tsc'), '-b']],
  ['types of the specs', [bin('typescript/bin/tsc'), '-p', 'tsconfig.spec.json']],
  ['boundaries', [join(repository, 'tools/bin/check-boundaries.mjs')]],
  [
    'pure tests',
    [
      '--experimental-vm-modules',
      bin('jest/bin/jest.js'),
      '--selectProjects',
      'unit',
      '--maxWorkers=2',
      '--silent',
    ],
  ],
];

await prepare();
const failed = [];
for (const [title, args] of STEPS) {
  const began = Date.now();
  const code = await run(pinnedNode(), ['--disable-warning=ExperimentalWarning', ...args]);
  console.log(`${code === 0 ? '✓' : '✗'} ${title}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
  if (code !== 0) failed.push(title);
}
if (failed.length > 0) console.error(`✗ failed: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
