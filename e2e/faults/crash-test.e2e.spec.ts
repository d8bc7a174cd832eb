import { describe, expect, it } from '@jest/globals';
import { SERVICES } from '@steward/tools';
import { crashTest } from './crash-test.js';
import { reportLines } from './report.js';

const MINUTES = 3;
const LEAST_KILLS = 2 * SERVICES.length + 2;
/** a busy machine is slow, not broken */
const LIMIT_MS = 40 * 60_000;

describe('killed at random while an import and single commands run', () => {
  it(
    'loses nothing, doubles nothing and keeps the order',
    async () => {
      const report = await crashTest({ minutes: MINUTES, leastKills: LEAST_KILLS, say: () => undefined });
      const { strikes, commands, checks, violations } = report;
      const struck = new Set(strikes.map(({ fault }) => fault.name));
      expect(violations.length > 0 ? reportLines(report).join('\n') : '').toBe('');
      expect(strikes.filter(({ fault }) => fault.kill).length).toBeGreaterThanOrEqual(LEAST_KILLS);
      for (const role of [...SERVICES.map(({ name }) => name), 'database', 'broker'])
        expect(struck).toContain(`kill ${role}`);
      for (const engine of ['database', 'broker']) expect(struck).toContain(`restart ${engine}`);
      expect(commands.some(({ path, status }) => path.startsWith('/imports') && status === 202)).toBe(true);
      expect(strikes.some(({ duringImport }) => duringImport)).toBe(true);
      expect(commands.some(({ repeats }) => repeats.length > 0)).toBe(true);
      for (const { name, rows } of checks.slice(1))
        expect({ name, seen: rows > 0 }).toEqual({ name, seen: true });
    },
    LIMIT_MS,
  );
});
