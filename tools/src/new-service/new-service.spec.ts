import { afterEach, describe, expect, it } from '@jest/globals';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Change } from './change.js';
import { edited, editedFiles } from './edits.js';
import { newService } from './new-service.js';
import { filesOf, settingsOf } from './template.js';

const REPOSITORY = resolve(import.meta.dirname, '../../..');
const contentOf = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');

describe('what a new service adds to the repository', () => {
  it('finds its place in every file that lists the services', () => {
    const manifest = JSON.parse(settingsOf(REPOSITORY, 'xylophone')[0]!.text) as Parameters<
      typeof editedFiles
    >[2];
    for (const { path, text } of editedFiles(REPOSITORY, 'xylophone', manifest)) {
      const known = new Set(contentOf(path).split('\n'));
      const added = text.split('\n').filter((line) => !known.has(line));
      expect({ path, added: added.join().includes('xylophone') }).toEqual({ path, added: true });
    }
  });

  it('leaves nothing of the placeholder', () => {
    const files = filesOf(REPOSITORY, 'xylophone');
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'services/xylophone/src/xylophone.module.ts',
        'services/xylophone/test/xylophone.app.spec.ts',
        'libs/contracts/src/xylophone/events.ts',
      ]),
    );
    for (const { path, text } of files) expect(`${path}${text}`).not.toMatch(/newcomer/i);
  });

  it('is refused where a list has no place for it, or two', () => {
    const put = (line: string) => `  xylophone,\n${line}`;
    const add = (content: string) => edited(content, { path: 'list.ts', at: /^\};$/, put });
    expect(add('{\n  tickets,\n};')).toBe('{\n  tickets,\n  xylophone,\n};');
    expect(() => add('{}')).toThrow('list.ts has 0 lines like');
    expect(() => add('};\n};')).toThrow('list.ts has 2 lines like');
  });

  it.each([[[]], [['Tickets']], [['tickets']], [['front', 'desk']]])('is not begun with %j', async (args) => {
    const said: string[] = [];
    await expect(newService(REPOSITORY, args, (line) => said.push(line))).rejects.toThrow(
      /small letters|exists/,
    );
    expect(said).toEqual([]);
  });
});

describe('a change that is taken back', () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-change-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('leaves every file as it was, and none that was not there', () => {
    mkdirSync(join(folder, 'lists'));
    writeFileSync(join(folder, 'lists/old.ts'), 'old');
    const change = new Change(folder);
    for (const path of ['services/new/src/a.ts', 'lists/old.ts', 'lists/new.ts'])
      change.write({ path, text: 'x' });
    change.make('services/new');
    change.link('lists/link', '../services/new');
    change.remember('lists/later.ts');
    writeFileSync(join(folder, 'lists/later.ts'), 'by a program');
    change.undo();
    expect(readdirSync(join(folder, 'lists'))).toEqual(['old.ts']);
    expect(readFileSync(join(folder, 'lists/old.ts'), 'utf8')).toBe('old');
    expect(existsSync(join(folder, 'services/new'))).toBe(false);
  });
});
