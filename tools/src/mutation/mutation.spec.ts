import { describe, expect, it } from '@jest/globals';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { mutationArguments, MutationError } from './mutation-command.js';
import { LEFT_OUT, MUTATED, packagesOf } from './scope.js';
import {
  drawScores,
  onlyFiles,
  onlyNoticed,
  percentOf,
  scoreOf,
  scoresByFile,
  survivorsOf,
  totalOf,
} from './score.js';

const REPOSITORY = join(import.meta.dirname, '../../..');
const FILES = [
  'tools/src/backup/cluster-files.rules.ts',
  'services/tickets/src/ticket/ticket.rules.ts',
  'services/tickets/src/callback/callback.rules.ts',
  'libs/kernel/src/money.ts',
];

describe('what is mutated', () => {
  it('is put by package', () => {
    expect(packagesOf(FILES)).toEqual([
      { folder: 'libs/kernel', files: ['libs/kernel/src/money.ts'] },
      {
        folder: 'services/tickets',
        files: [
          'services/tickets/src/callback/callback.rules.ts',
          'services/tickets/src/ticket/ticket.rules.ts',
        ],
      },
      { folder: 'tools', files: ['tools/src/backup/cluster-files.rules.ts'] },
    ]);
  });

  it.each([
    [['services'], 2],
    [['./services/tickets/src/ticket/'], 1],
    [['services/tickets/src/ticket/ticket.rules.ts', 'tools'], 2],
    [['services/tick'], 0],
  ])('is narrowed to the paths %j', (paths, count) => {
    expect(packagesOf(FILES, paths).flatMap(({ files }) => files)).toHaveLength(count);
  });

  it('are files that exist, for every pattern, and no specs', () => {
    for (const pattern of MUTATED) {
      const files = globSync(pattern, { cwd: REPOSITORY, exclude: LEFT_OUT });
      expect(files).not.toEqual([]);
      expect(files.filter((file) => file.endsWith('.spec.ts') || file.includes('/template/'))).toEqual([]);
    }
  });
});

const SOURCE = "const a = 1;\nconst names = [\n  'x',\n];\n";
const at = (line: number, column: number, endLine: number, endColumn: number) => ({
  start: { line, column },
  end: { line: endLine, column: endColumn },
});
const mutant = (status: string, location = at(1, 11, 1, 12), replacement = '2') => ({
  status,
  mutatorName: 'Number',
  replacement,
  location,
});
const REPORT = {
  files: {
    'a.ts': { source: SOURCE, mutants: [mutant('Killed'), mutant('Timeout'), mutant('Ignored')] },
    'b.ts': {
      source: SOURCE,
      mutants: [
        mutant('Killed'),
        mutant('Survived'),
        mutant('NoCoverage', at(2, 15, 4, 2), '[]'),
        mutant('RuntimeError'),
      ],
    },
  },
};

describe('scores', () => {
  const all = { name: 'all', mutants: 5, killed: 3, survived: 1, uncovered: 1 };

  it('count killed and hanging mutants, survivors and those that no test reaches; others are no mutants', () => {
    expect(scoreOf('all', REPORT)).toEqual(all);
    expect(percentOf(all)).toBe(60);
    expect(percentOf(scoreOf('none', { files: {} }))).toBe(100);
  });

  it('may be those of some files', () => {
    expect(scoreOf('a', onlyFiles(REPORT, ['a.ts', 'c.ts']))).toMatchObject({ mutants: 2, killed: 2 });
  });

  it('are forgotten where no test noticed, before only changes are tried again', () => {
    const noticed = onlyNoticed({ ...REPORT, schemaVersion: '1.0' } as typeof REPORT);
    expect(noticed).toMatchObject({ schemaVersion: '1.0', files: { 'b.ts': { source: SOURCE } } });
    expect(scoreOf('all', noticed)).toMatchObject({ mutants: 3, killed: 3 });
  });

  it('stand worst file first, and add up', () => {
    const files = scoresByFile(REPORT);
    expect(files.map(({ name }) => name)).toEqual(['b.ts', 'a.ts']);
    expect(totalOf('all', files)).toEqual(all);
  });

  it('are drawn as a table', () => {
    expect(drawScores([all])).toBe(
      [
        'package  mutants  killed  survived  no coverage   score',
        'all            5       3         1            1  60.0 %',
      ].join('\n'),
    );
  });

  it('come with every mutant that no test noticed', () => {
    expect(survivorsOf(REPORT)).toEqual([
      'b.ts:1:11 Number: 1 → 2',
      "b.ts:2:15 Number, not covered: [ 'x', ] → []",
    ]);
  });
});

describe('the command', () => {
  it('takes paths, and how many mutants are tested at once', () => {
    expect(mutationArguments([])).toEqual({ paths: [], survivors: false, changed: false, processes: 1 });
    expect(mutationArguments(['--survivors', 'libs', '--changed', '--processes', '2'])).toEqual({
      paths: ['libs'],
      survivors: true,
      changed: true,
      processes: 2,
    });
  });

  it.each([[['--processes', '0']], [['--processes', 'x']], [['--other']]])('refuses %j', (args) => {
    expect(() => mutationArguments(args)).toThrow(MutationError);
  });
});
