// One Jest project per kind of spec; the suffix of a file decides which one it belongs to.
const swc = [
  '@swc/jest',
  {
    sourceMaps: 'inline',
    module: { type: 'es6' },
    jsc: {
      target: 'es2023',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
      keepClassNames: true,
    },
  },
];

const base = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': swc },
  moduleNameMapper: {
    '^@steward/service-([a-z]+)$': '<rootDir>/services/$1/src/index.ts',
    '^@steward/directory/testing$': '<rootDir>/libs/directory/src/testing/index.ts',
    '^@steward/tools$': '<rootDir>/tools/src/index.ts',
    '^@steward/([a-z]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/var/', '<rootDir>/tools/template/'],
  roots: ['<rootDir>/libs', '<rootDir>/services', '<rootDir>/tools', '<rootDir>/e2e', '<rootDir>/bench'],
};

const engines = {
  globalSetup: '<rootDir>/libs/testing/jest/start-engines.mjs',
  globalTeardown: '<rootDir>/libs/testing/jest/stop-engines.mjs',
  // a busy machine is slow, not broken
  testTimeout: 60_000,
};

export default {
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/dist/', '\\.(int|app|e2e)\\.spec\\.ts$'],
    },
    { ...base, ...engines, displayName: 'int', testMatch: ['**/*.int.spec.ts'] },
    { ...base, ...engines, displayName: 'app', testMatch: ['**/*.app.spec.ts'] },
    { ...base, ...engines, displayName: 'e2e', testMatch: ['**/*.e2e.spec.ts'] },
  ],
};
