// Mutation testing of one package with its unit specs; `npm run mutation` sets the variables.
const { MUTATION_FILES, MUTATION_REPORT, MUTATION_PROCESSES, MUTATION_FRESH } = process.env;

export default {
  testRunner: 'jest-by-spec',
  plugins: ['./tools/mutation/jest-by-spec.mjs'],
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: { configFile: 'tools/mutation/jest.config.mjs' },
  coverageAnalysis: 'perTest',
  mutate: MUTATION_FILES.split(','),
  concurrency: Number(MUTATION_PROCESSES),
  // a busy machine is slow, not broken
  timeoutMS: 6_000,
  // modules of Jest's contexts are never let go of
  maxTestRunnerReuse: 80,
  // below var, which every other tool leaves alone
  tempDirName: 'var/mutation/sandbox',
  // nothing is compiled; specs of tools read the files as they are
  tsconfigFile: 'none',
  ignorePatterns: ['/.ci', '/deploy/kafka/lib', '/var', '/.nx', 'dist'],
  reporters: ['json', 'progress-append-only'],
  // what neither a change of the file nor of a spec that reaches it can have changed is not tried again
  incremental: true,
  incrementalFile: MUTATION_REPORT.replace(/\.json$/, '.known.json'),
  force: MUTATION_FRESH === 'true',
  jsonReporter: { fileName: MUTATION_REPORT },
  warnings: { slow: false },
};
