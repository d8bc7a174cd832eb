import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countTests, summaryLine } from '../../bin/lib/test-count.mjs';

describe('the count of tests', () => {
  let folder: string;
  const report = (content: object) => {
    const file = join(folder, 'report.json');
    writeFileSync(
      file,
      JSON.stringify({ numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0, ...content }),
    );
    return file;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'count-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is what the report says', () => {
    expect(countTests(report({ numPassedTests: 7 }), 0)).toEqual({ passed: 7, failed: 0 });
    expect(countTests(report({ numPassedTests: 7, numFailedTests: 2 }), 1)).toEqual({ passed: 7, failed: 2 });
  });

  it('counts a file that could not run as a failure', () => {
    expect(countTests(report({ numPassedTests: 7, numRuntimeErrorTestSuites: 1 }), 1)).toEqual({
      passed: 7,
      failed: 1,
    });
  });

  it('never hides a run that ended badly', () => {
    expect(countTests(report({ numPassedTests: 7 }), 1)).toEqual({ passed: 7, failed: 1 });
    expect(countTests(join(folder, 'missing.json'), 1)).toEqual({ passed: 0, failed: 1 });
  });

  it('is told in the agreed words', () => {
    expect(summaryLine({ passed: 12, failed: 0 })).toBe('12 passed, 0 failed');
  });
});
