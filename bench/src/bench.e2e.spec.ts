import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Report } from './frame/report.js';

const PROGRAM = resolve(import.meta.dirname, '../dist/bench.js');
const run = promisify(execFile);

describe('benches', () => {
  /** What the program answers to a name that it does not know: every name that it knows. */
  async function knownNames(): Promise<string[]> {
    const failure = await run(process.execPath, [PROGRAM, 'creat']).catch((error: unknown) => error);
    const said = (failure as { stderr: string }).stderr;
    return /unknown: creat\..*benches: (.+)/.exec(said)?.[1]?.split(', ') ?? [];
  }

  it('run through with little to do, and give figures of ours and of the baseline', async () => {
    const { stdout } = await run(process.execPath, [PROGRAM, '--tiny', '--json'], { maxBuffer: 10_000_000 });
    const reports = JSON.parse(stdout) as Report[];
    expect(reports.map(({ name }) => name)).toEqual(await knownNames());
    for (const { comparisons, figures, conditions, bounds } of reports) {
      expect(conditions['postgresql']).toContain('fsync on, synchronous_commit on');
      expect(bounds.length).toBeGreaterThan(0);
      expect(comparisons.length + figures.length).toBeGreaterThan(0);
      for (const { ours } of figures) expect(Number.isFinite(ours)).toBe(true);
      for (const { ours, raw, ratio, cpuRatio } of comparisons) {
        for (const figure of [ours.perSecond, raw.perSecond, ratio.median]) expect(figure).toBeGreaterThan(0);
        // a baseline that is one statement has no server
        expect(cpuRatio.median).toBeGreaterThanOrEqual(0);
      }
    }
  }, 1_200_000);

  it('name what they know when they are asked for something else', async () => {
    expect(await knownNames()).toEqual(expect.arrayContaining(['create', 'create-gateway', 'consume']));
  }, 120_000);
});
