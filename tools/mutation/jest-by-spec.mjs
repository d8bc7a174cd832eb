// Stryker's Jest runner loads every spec that reaches a mutated file, though the first run has told which tests reach a
// mutant. This one loads only the specs of those tests, which makes a run several times as fast.
import { readFileSync, writeFileSync } from 'node:fs';
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
    reaching = options.testFilter && [...new Set(options.testFilter.flatMap((id) => specs[id]))];
    return mutantRun.call(runner, options);
  };
  runner.run = (settings) => run.call(runner, reaching ? { ...settings, testFiles: reaching } : settings);
  return runner;
}
jestBySpec.inject = jest.factory.inject;

export { strykerValidationSchema } from '@stryker-mutator/jest-runner';
export const strykerPlugins = [{ ...jest, name: 'jest-by-spec', factory: jestBySpec }];
