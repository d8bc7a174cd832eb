// Stryker's Jest runner loads every spec that reaches a mutated file, though the first run has told which tests reach a
// mutant. This one loads only the specs of those tests, which makes a run several times as fast. A mutant that acts while
// its file is loaded reaches every test; the spec beside the file must notice it, where there is one.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';

const [jest] = jestPlugins;
// in the sandbox: a runner that is started later has not seen the first run
const SPECS = 'specs-by-test.json';

function jestBySpec(injector) {
  const runner = jest.factory(injector);
  const { dryRun, mutantRun, run } = runner;
  let specs = {};
  let reaching;
  runner.dryRun = async (options) => {
    reaching = undefined;
    const result = await dryRun.call(runner, options);
    specs = {};
    for (const { id, fileName } of result.tests ?? []) (specs[id] ??= []).push(fileName);
    writeFileSync(SPECS, JSON.stringify(specs));
    return result;
  };
  runner.mutantRun = (options) => {
    if (Object.keys(specs).length === 0) specs = JSON.parse(readFileSync(SPECS, 'utf8'));
    const { testFilter, sandboxFileName } = options;
    reaching = testFilter ? [...new Set(testFilter.flatMap((id) => specs[id]))] : specBeside(sandboxFileName);
    return mutantRun.call(runner, options);
  };
  runner.run = (settings) => run.call(runner, reaching ? { ...settings, testFiles: reaching } : settings);
  return runner;
}
function specBeside(file) {
  const spec = file.replace(/\.ts$/, '.spec.ts');
  return existsSync(spec) ? [spec] : undefined;
}

jestBySpec.inject = jest.factory.inject;

export { strykerValidationSchema } from '@stryker-mutator/jest-runner';
export const strykerPlugins = [{ ...jest, name: 'jest-by-spec', factory: jestBySpec }];
