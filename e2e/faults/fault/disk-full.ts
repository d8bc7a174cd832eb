import { setTimeout as pause } from 'node:timers/promises';
import { notReady } from './outage.js';
import type { Fault } from './fault.js';

const MEBIBYTES = 900;
const FULL_MS = 30_000;

/** The disk of PostgreSQL is full: it ends or refuses, comes back when there is room, and has lost nothing. */
export const diskFull: Fault = {
  name: 'disk full',
  roles: ['database', 'tickets', 'billing', 'partners'],
  kills: 0,
  needs: { databaseMiB: MEBIBYTES },
  async apply({ platform, say }) {
    platform.mayEnd('database', true);
    await platform.databaseDisk.fill();
    say('the disk of the database is full');
  },
  async meanwhile({ platform, say }) {
    const until = pause(FULL_MS);
    await notReady(platform, 'tickets', /database|relay|tickets/);
    const ended = platform.exits.filter(({ role }) => role === 'database').length;
    say(`PostgreSQL has ended ${ended} times, tickets says that it is not ready`);
    await until;
  },
  async heal({ platform, working }) {
    await platform.databaseDisk.free();
    await working.seen('database');
    platform.mayEnd('database', false);
  },
};
