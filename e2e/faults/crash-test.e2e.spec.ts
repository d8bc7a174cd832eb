import { describe, expect, it } from '@jest/globals';
import { crashTest, killsOf } from './crash-test.js';
import { SHORT_RUN } from './fault-list.js';
import { reportLines } from './report.js';

/** a busy machine is slow, not broken */
const LIMIT_MS = 40 * 60_000;

describe('killed at random while an import and single commands run', () => {
  it(
    'loses nothing, doubles nothing and keeps the order',
    async () => {
      const report = await crashTest({ faults: SHORT_RUN, say: () => undefined });
      const { strikes, commands, checks, violations } = report;
      const struck = strikes.map(({ fault }) => fault.name);
      expect(violations.length > 0 ? reportLines(report).join('\n') : '').toBe('');
      expect([...struck].sort()).toEqual(SHORT_RUN.map(({ name }) => name).sort());
      expect(killsOf(strikes)).toBe(15);
      expect(commands.some(({ path, status }) => path.startsWith('/imports') && status === 202)).toBe(true);
      expect(strikes.some(({ duringImport }) => duringImport)).toBe(true);
      expect(commands.some(({ repeats }) => repeats.length > 0)).toBe(true);
      for (const { name, rows } of checks.slice(1))
        expect({ name, seen: rows > 0 }).toEqual({ name, seen: true });
    },
    LIMIT_MS,
  );
});
