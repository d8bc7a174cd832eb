// npm run badinput -- <cases> [--seed n]: as many generated bad requests over all routes as one likes.
import { join } from 'node:path';
import { pinnedEnv, pinnedNode, prepare, repository, run } from './lib/prepare.mjs';

const USAGE = 'npm run badinput -- <cases> [--seed n]';

const settings = settingsOf(process.argv.slice(2));
if (settings === null) {
  console.error(USAGE);
  process.exit(64);
}
await prepare();
process.exitCode = await run(
  pinnedNode(),
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(repository, 'node_modules/jest/bin/jest.js'),
    ...['--selectProjects', 'e2e', '--testPathPatterns', 'e2e/src/bad-input'],
  ],
  { env: { ...pinnedEnv(), ...settings } },
);

/** The variables that the spec reads; null for other words than the usage tells. */
function settingsOf(words) {
  const [cases, option, seed, ...rest] = words;
  if (!/^[1-9]\d*$/.test(cases ?? '') || rest.length > 0) return null;
  if (option === undefined) return { BADINPUT_CASES: cases };
  if (option !== '--seed' || !/^-?\d+$/.test(seed ?? '')) return null;
  return { BADINPUT_CASES: cases, BADINPUT_SEED: seed };
}
