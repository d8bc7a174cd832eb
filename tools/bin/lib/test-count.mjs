import { existsSync, readFileSync } from 'node:fs';

/**
 * Sums one report of `jest --json`. A file that could not run counts as one failed test, and so does a run that ended
 * badly without saying which test failed.
 */
export function countTests(file, exitCode) {
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

export const summaryLine = ({ passed, failed }) => `${passed} passed, ${failed} failed`;
