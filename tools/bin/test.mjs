// npm test: everything that proves the product, on a bare machine. The last line is "N passed, N failed".
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countTests, summaryLine } from './lib/test-count.mjs';
import { pinnedEnv, pinnedNode, prepare, repository, run } from './lib/prepare.mjs';

const STAGES = [
  { title: 'pure tests', projects: ['unit'] },
  { title: 'tests with PostgreSQL and Kafka', projects: ['int', 'app', 'e2e'] },
];
const WORKERS = 2;

await prepare();
const folder = mkdtempSync(join(tmpdir(), 'steward-test-'));
const counts = [];
try {
  for (const { title, projects } of STAGES) counts.push(await runStage(title, projects));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
if (passed + failed === 0) console.error('No test ran.');
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
console.log(summaryLine({ passed, failed }));

async function runStage(title, projects) {
  console.log(`\n· ${title}`);
  const report = join(folder, `${projects[0]}.json`);
  const code = await run(
    pinnedNode(),
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(repository, 'node_modules/jest/bin/jest.js'),
      `--maxWorkers=${WORKERS}`,
      // projects cannot set it for themselves
      '--testTimeout=60000',
      '--passWithNoTests',
      '--json',
      `--outputFile=${report}`,
      ...['--selectProjects', ...projects],
      ...(process.argv.length > 2 ? ['--testPathPatterns', ...process.argv.slice(2)] : []),
    ],
    {
      env: {
        ...pinnedEnv(),
        NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --disable-warning=ExperimentalWarning`,
      },
    },
  );
  return countTests(report, code);
}
