// Stryker's Jest runner loads every spec that reaches a mutated file, and runs them all. The first run has told which
// tests reach a mutant, so this one loads only their specs, one after the other until one notices: several times as fast.
// A mutant that acts while its file is loaded reaches every test; the spec beside the file must notice it, if there is one.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';

const [jest] = jestPlugins;
// in the sandbox: a runner that is started later has not seen the first run
const SPECS = 'specs-by-test.json';

function jestBySpec(injector) {
  const runner = jest.factory(injector);
  const { dryRun, mutantRun, run } = runner;
  let specsOf;
  let asked;
  runner.dryRun = async (options) => {
    asked = undefined;
    const result = await dryRun.call(runner, options);
    specsOf = {};
    for (const { id, fileName } of result.tests ?? []) (specsOf[id] ??= []).push(fileName);
    writeFileSync(SPECS, JSON.stringify(specsOf));
    return result;
  };
  runner.mutantRun = async (options) => {
    specsOf ??= JSON.parse(readFileSync(SPECS, 'utf8'));
    let tests = 0;
    let result;
    for (const spec of specsFor(options, specsOf)) {
      asked = spec && [spec];
      // all tests of the spec: what one test made is remembered for others, which then do not reach the mutant themselves
      result = await mutantRun.call(runner, { ...options, testFilter: undefined });
      if (result.status !== 'survived') return result;
      tests += result.nrOfTests;
    }
    return { ...result, nrOfTests: tests };
  };
  runner.run = (settings) => run.call(runner, asked ? { ...settings, testFiles: asked } : settings);
  return runner;
}
jestBySpec.inject = jest.factory.inject;

/** The specs to run, the one beside the file first; undefined: all that reach the file. */
function specsFor({ testFilter, sandboxFileName }, specsOf) {
  const beside = sandboxFileName.replace(/\.ts$/, '.spec.ts');
  if (!testFilter) return [existsSync(beside) ? beside : undefined];
  const reaching = new Set(testFilter.flatMap((id) => specsOf[id]));
  return [...reaching].sort((a, b) => Number(b === beside) - Number(a === beside));
}

export { strykerValidationSchema } from '@stryker-mutator/jest-runner';
export const strykerPlugins = [{ ...jest, name: 'jest-by-spec', factory: jestBySpec }];
