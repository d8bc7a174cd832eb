export type TestCount = { passed: number; failed: number };
export function countTests(file: string, exitCode: number): TestCount;
export function summaryLine(count: TestCount): string;
