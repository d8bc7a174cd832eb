import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildState, installState, readStamp, writeStamp } from '../../bin/lib/stamps.mjs';

describe('what was installed and built', () => {
  let repository: string;
  const write = (path: string, text: string) => writeFileSync(join(repository, path), text);
  beforeEach(() => {
    repository = mkdtempSync(join(tmpdir(), 'stamps-'));
    for (const folder of ['libs/kernel/src', 'libs/kernel/dist', 'services/tickets/src']) {
      mkdirSync(join(repository, folder), { recursive: true });
    }
    for (const file of ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json']) write(file, '{}');
    write('libs/kernel/src/money.ts', 'export {};');
  });
  afterEach(() => rmSync(repository, { recursive: true }));

  it('is installed anew when the lock file says something else', () => {
    const before = installState(repository);
    expect(installState(repository)).toBe(before);
    write('package-lock.json', '{ "other": true }');
    expect(installState(repository)).not.toBe(before);
  });

  it('is built anew when a source is changed, added or gone', () => {
    const states = [buildState(repository)];
    const changes = [
      () => utimesSync(join(repository, 'libs/kernel/src/money.ts'), new Date(), new Date(Date.now() + 5000)),
      () => write('services/tickets/src/ticket.ts', 'export {};'),
      () => rmSync(join(repository, 'services/tickets/src/ticket.ts')),
      () => write('package-lock.json', '{ "other": true }'),
    ];
    for (const change of changes) {
      change();
      states.push(buildState(repository));
    }
    const [, changed, added, gone] = states;
    expect(new Set(states).size).toBe(4);
    expect(gone).toBe(changed);
    expect(added).not.toBe(changed);
  });

  it('is not built anew for a spec, for what a build made, or for nothing', () => {
    const before = buildState(repository);
    write('libs/kernel/src/money.spec.ts', 'export {};');
    write('libs/kernel/dist/money.js', 'export {};');
    write('libs/kernel/README.md', 'text');
    expect(buildState(repository)).toBe(before);
  });

  it('keeps its stamp', () => {
    const file = join(repository, 'node_modules/.stamp');
    expect(readStamp(file)).toBeUndefined();
    writeStamp(file, 'abc');
    expect(readStamp(file)).toBe('abc');
  });
});
