import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { named, names } from './fault-list.js';
import { Tally } from './tally.js';

describe('the tally of kills', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'steward-tally-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const round = (kills: number, violations = 0) => ({
    ...{ seed: 's', at: '2026-03-02T08:00:00Z', others: 4, commands: 900 },
    ...{ kills, violations },
  });

  it('goes on where an earlier run ended, and does not count what was not whole', async () => {
    const file = join(folder, 'faults', 'tally.json');
    const first = await Tally.open(file);
    expect(first.kills).toBe(0);
    await first.add(round(50));
    await first.add(round(50, 2));
    const second = await Tally.open(file);
    await second.add(round(20));
    expect([second.kills, second.finished]).toEqual([70, 3]);
    expect((await Tally.open(file)).kills).toBe(70);
  });

  it('does not begin anew over a file that it cannot read', async () => {
    const file = join(folder, 'broken.json');
    await writeFile(file, '{"rounds": [');
    await expect(Tally.open(file)).rejects.toThrow(SyntaxError);
  });
});

describe('the faults', () => {
  it('have names of their own, and are found by them or by how several begin', () => {
    expect(new Set(names()).size).toBe(names().length);
    expect(named('poison')).toHaveLength(1);
    expect(named('partner').map(({ name }) => name)).toContain('partner hangs');
    expect(named('kill gateway')).toHaveLength(1);
    expect(named('kill together').map(({ kills }) => kills)).toContain(3);
    expect(named('gateway')).toEqual([]);
  });
});
