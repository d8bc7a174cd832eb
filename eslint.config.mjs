import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const LIBS = ['kernel', 'contracts', 'platform', 'messaging', 'directory', 'testing'];
const libTags = (...names) => names.map((name) => `type:${name}`);

const boundaries = {
  enforceBuildableLibDependency: false,
  allow: [],
  depConstraints: [
    { sourceTag: 'type:kernel', onlyDependOnLibsWithTags: [] },
    { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: libTags('kernel') },
    { sourceTag: 'type:platform', onlyDependOnLibsWithTags: libTags('kernel') },
    { sourceTag: 'type:messaging', onlyDependOnLibsWithTags: libTags('kernel', 'contracts', 'platform') },
    {
      sourceTag: 'type:directory',
      onlyDependOnLibsWithTags: libTags('kernel', 'contracts', 'platform', 'messaging'),
    },
    { sourceTag: 'type:testing', onlyDependOnLibsWithTags: libTags('kernel') },
    {
      sourceTag: 'type:service',
      onlyDependOnLibsWithTags: libTags('kernel', 'contracts', 'platform', 'messaging', 'directory'),
    },
    { sourceTag: 'type:tools', onlyDependOnLibsWithTags: [...libTags(...LIBS), 'type:service'] },
    { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: [...libTags(...LIBS), 'type:service', 'type:tools'] },
    {
      sourceTag: 'type:bench',
      onlyDependOnLibsWithTags: [...libTags(...LIBS), 'type:service', 'type:tools'],
    },
  ],
};

// Specs may use the testing library and host services; the direction among libraries stays.
const specBoundaries = {
  ...boundaries,
  depConstraints: boundaries.depConstraints.map(({ sourceTag, onlyDependOnLibsWithTags }) => ({
    sourceTag,
    onlyDependOnLibsWithTags: [...onlyDependOnLibsWithTags, 'type:testing'],
  })),
};

const onlyKernelInRules = {
  patterns: [
    {
      regex: '^(?!@steward/kernel$|\\./|\\.\\./|node:crypto$)',
      message: 'Rules are pure: they import the kernel and the types of their neighbours only.',
      allowTypeImports: true,
    },
  ],
};

const noRepositories = {
  patterns: [
    {
      regex: '\\.repository\\.js$',
      message: 'Controllers and handlers call services; services own the repositories.',
    },
  ],
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      'var/**',
      '.nx/**',
      'coverage/**',
      'tools/boundaries/**',
      'tools/template/**',
      'services/*/scripts/**',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: {
        project: [
          'libs/*/tsconfig.json',
          'services/*/tsconfig.json',
          'tools/tsconfig.json',
          'e2e/tsconfig.json',
          'bench/tsconfig.json',
          'tsconfig.spec.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@nx/enforce-module-boundaries': ['error', boundaries],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'TSEnumDeclaration', message: 'String unions instead of enums.' },
      ],
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'max-depth': ['error', 3],
      eqeqeq: ['error', 'smart'],
      'no-console': 'error',
    },
  },
  { files: ['**/*.rules.ts'], rules: { 'no-restricted-imports': ['error', onlyKernelInRules] } },
  {
    files: ['**/*.controller.ts', '**/*.handler.ts'],
    rules: { 'no-restricted-imports': ['error', noRepositories] },
  },
  {
    files: ['libs/**/*.ts', 'services/**/*.ts'],
    ignores: [
      '**/config.ts',
      '**/main.ts',
      '**/*.spec.ts',
      '**/test/**',
      'libs/testing/**',
      'libs/directory/src/testing/**',
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only config.ts reads the environment.' },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', '**/test/**/*.ts', 'libs/directory/src/testing/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': ['error', specBoundaries],
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // answers are JSON of any shape; the assertions tell what it must be
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  {
    files: ['tools/**/*.ts', 'e2e/**/*.ts', 'bench/**/*.ts', 'libs/testing/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
);
