import { describe, expect, it } from '@jest/globals';
import type { JobView } from '@steward/platform';
import { importArguments } from './arguments.js';
import { lineOf, ProgressLine } from './progress-line.js';
import { summaryOf } from './summary.js';

describe('the command line of an import', () => {
  it('names kind, file and options', () => {
    const words =
      'tickets list.csv --mapping m.json --branch EB1 --mode update --dry-run --json --user eb1.clerk';
    expect(importArguments(words.split(' '))).toEqual({
      ...{
        kind: 'tickets',
        file: 'list.csv',
        mapping: 'm.json',
        json: true,
        user: 'eb1.clerk',
        gateway: undefined,
      },
      fields: { branch: 'EB1', mode: 'update', dryRun: 'true' },
    });
    expect(importArguments(['units', 'u.csv'])).toMatchObject({ user: 'hq.admin', json: false, fields: {} });
  });

  it.each([[[]], [['tickets']], [['tickets', 'a', 'b']], [['tickets', 'a', '--drum']]])(
    'explains itself on %j',
    (words) => {
      expect(() => importArguments(words)).toThrow('usage: npm run import');
    },
  );
});

const rows = { read: 10, created: 6, updated: 0, unchanged: 1, rejected: 3, warned: 0 };
const job = {
  id: 'tickets-1',
  state: 'done',
  dryRun: true,
  error: null,
  rows,
  file: { unusedColumns: ['x'] },
} as unknown as JobView;

describe('what people see of an import', () => {
  it('a bar with the share and the rows', () => {
    expect(lineOf({ phase: 'importing', share: 0.5, job })).toBe(
      `importing ${'█'.repeat(15)}${'░'.repeat(15)}  50 %  10 rows, 3 rejected`,
    );
  });

  it('one line that is written over on a terminal, a line per tenth elsewhere', () => {
    const written = (isTTY: boolean): string => {
      let text = '';
      const line = new ProgressLine({ isTTY, write: (more) => (text += more) });
      for (const share of [0.01, 0.02, 0.5]) line.update({ phase: 'sending', share });
      line.end();
      return text;
    };
    expect(written(true).split('\r')).toHaveLength(4);
    expect(written(false).split('\n')).toHaveLength(3);
  });

  it('a summary with the first rows at fault', () => {
    const problem = {
      rowNumber: 4,
      state: 'rejected' as const,
      field: 'title',
      code: 'import.required',
      detail: 'The field is required.',
      raw: '',
    };
    const text = summaryOf({ job, rows: Array.from({ length: 25 }, () => problem) });
    expect(text).toContain('dry run, nothing was changed');
    expect(text).toContain('row 4 rejected, title: The field is required. (import.required)');
    expect(text).toContain('and 5 more');
    expect(
      summaryOf({ job: { ...job, error: { code: 'import.empty-file', detail: 'No rows.' } }, rows: [] }),
    ).toContain('import.empty-file: No rows.');
  });
});
