import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repairPidFile } from './postmaster-pid.js';

describe('a postmaster.pid left behind', () => {
  let cluster: string;
  const file = () => join(cluster, 'postmaster.pid');
  beforeEach(() => {
    cluster = mkdtempSync(join(tmpdir(), 'pid-'));
  });
  afterEach(() => rmSync(cluster, { recursive: true }));

  it('loses its process id when another program has it now, and keeps the other lines', () => {
    writeFileSync(file(), `${process.pid}\n${cluster}\n1700000000\n5432\n\n127.0.0.1\n  1234567 9\n`);
    repairPidFile(cluster);
    const lines = readFileSync(file(), 'utf8').split('\n');
    expect(lines[0]).toBe('99999999');
    expect(lines[6]).toBe('  1234567 9');
  });

  it('does not appear where there is none', () => {
    repairPidFile(cluster);
    expect(existsSync(file())).toBe(false);
  });
});
