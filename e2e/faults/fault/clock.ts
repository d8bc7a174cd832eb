import type { ServiceName } from '@steward/tools';
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.js';

const HOUR_MS = 3_600_000;
const LASTS_MS = 8000;
const ROLES_OLD_MS = 60_000;

/** How wrong it is, and whether the service can work so: tokens live for a minute. */
type Shift = Readonly<{ ms: number; works: boolean }>;

// farther back than roles were given, people would rightly be refused
const SHIFTS: readonly Shift[] = [
  { ms: -40_000, works: true },
  { ms: 35_000, works: true },
  { ms: 2 * HOUR_MS, works: false },
  { ms: -40_000, works: true },
];

/** The clock of one service is set back and forth while all others go right. */
export const wrongClock = (role: ServiceName): Fault => ({
  name: `clock ${role}`,
  roles: [role],
  kills: 0,
  needs: { clocks: true },
  async apply({ platform, working, say }) {
    await pause(Math.max(0, platform.rolesGivenAt + ROLES_OLD_MS - performance.now()));
    for (const { ms, works } of SHIFTS) {
      await writeFile(platform.clockOf(role), String(ms));
      await pause(LASTS_MS);
      if (works) await working.seen(role);
      say(`the clock of ${role} is wrong by ${ms / 1000} s${works ? ': it works' : ''}`);
    }
  },
  heal: ({ platform }) => rm(platform.clockOf(role), { force: true }),
});
