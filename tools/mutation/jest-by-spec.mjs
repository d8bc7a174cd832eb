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
    for (const { spec, testFilter } of partsOf(options, specsOf)) {
      asked = spec && [spec];
      result = await mutantRun.call(runner, { ...options, testFilter });
      if (result.status !== 'survived') return result;
      tests += result.nrOfTests;
    }
    return { ...result, nrOfTests: tests };
  };
  runner.run = (settings) => run.call(runner, asked ? { ...settings, testFiles: asked } : settings);
  return runner;
}
jestBySpec.inject = jest.factory.inject;

/** The specs to run with their tests, the one beside the file first; no spec: all that reach the file. */
function partsOf({ testFilter, sandboxFileName }, specsOf) {
  const beside = sandboxFileName.replace(/\.ts$/, '.spec.ts');
  if (!testFilter) return [{ spec: existsSync(beside) ? beside : undefined }];
  const tests = new Map();
  for (const id of testFilter)
    for (const spec of specsOf[id]) tests.set(spec, [...(tests.get(spec) ?? []), id]);
  return [...tests]
    .sort(([a], [b]) => Number(b === beside) - Number(a === beside))
    .map(([spec, ids]) => ({ spec, testFilter: ids }));
}

export { strykerValidationSchema } from '@stryker-mutator/jest-runner';
export const strykerPlugins = [{ ...jest, name: 'jest-by-spec', factory: jestBySpec }];
