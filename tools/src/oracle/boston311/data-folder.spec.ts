import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { oneRowPerBranch } from './await-branches.js';
import { planForFolder } from './branch-plan.js';
import { digestOf, openDataFolder } from './data-folder.js';
import { loadMapping, neededColumns } from './mapping.js';
import { readSource, readSourceText } from './source-rows.js';

const { mapping } = await loadMapping();
const columns = neededColumns(mapping);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steward-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = (files: Record<string, string>) =>
  Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
const open = (salt: string[] = []) => openDataFolder(folder, ['id', 'open'], salt);

describe('a data folder', () => {
  it('gives the CSV files that have the columns, in any order, and says what the others lack', async () => {
    await put({
      'b.csv': 'open,id,more\n1,2,3\n',
      'a.CSV': '\ufeffid,open\n',
      'other.csv': 'id,close\n',
      'empty.csv': '',
      'notes.txt': 'id,open\n',
    });
    const { files, others } = await open();
    expect(files.map(({ name }) => name)).toEqual(['a.CSV', 'b.csv']);
    expect(others).toMatchObject([
      { name: 'empty.csv', missing: ['id', 'open'] },
      { name: 'other.csv', missing: ['open'] },
    ]);
  });

  it('is known by its contents, whatever the files are called', async () => {
    await put({ 'a.csv': 'id,open\n1,2\n', 'b.csv': 'id,open\n3,4\n' });
    const { digest } = await open();
    await put({ 'b.csv': 'id,open\n1,2\n', 'a.csv': 'id,open\n3,4\n', 'x.csv': 'foreign\n' });
    expect((await open()).digest).toBe(digest);
    expect((await open(['another mapping'])).digest).not.toBe(digest);
    await put({ 'a.csv': 'id,open\n3,5\n' });
    expect((await open()).digest).not.toBe(digest);
  });

  it('counts a content that is there twice', () => {
    expect(digestOf(['a', 'a'], [])).not.toBe(digestOf(['a'], []));
    expect(digestOf(['a'], ['b'])).not.toBe(digestOf(['a', 'b'], []));
  });

  it('says in plain words that it is not there', async () => {
    await expect(openDataFolder(join(folder, 'nowhere'), [], [])).rejects.toThrow('There is no folder');
  });
});

describe('rows of the source', () => {
  const line = (cells: Record<string, string>) => columns.map((column) => cells[column] ?? '').join(',');
  const read = (...lines: string[]) => {
    const text = [columns.join(','), ...lines].join('\n');
    return readSourceText({ name: 'f.csv', header: columns }, text, mapping);
  };

  it('become what the mapping makes of them', () => {
    const { rows, unreadable } = read(
      line({ case_enquiry_id: ' 7 ', type: 'Work w/out Permit', source: 'Self Service', neighborhood: ' ' }),
      line({ case_enquiry_id: '8', source: 'Pigeon Post', open_dt: '2011-07-01 07:16:44', ontime: 'ONTIME' }),
      'too,short',
      '',
      line({ case_enquiry_id: '9' }),
    );
    expect(unreadable).toEqual([4]);
    expect(rows).toMatchObject([
      { rowNumber: 2, id: '7', category: 'work-w-out-permit', channel: 'web', neighbourhood: '' },
      {
        rowNumber: 3,
        id: '8',
        category: null,
        channel: 'department',
        opened: '2011-07-01 07:16:44',
        verdict: 'ONTIME',
      },
      { rowNumber: 6, id: '9', channel: 'department', target: '', closed: '' },
    ]);
  });

  it('are read from a file with its own order of columns', async () => {
    await put({ 'f.csv': `${[...columns].reverse().join(',')}\n${[...columns].reverse().join(',')}\n` });
    const { files } = await openDataFolder(folder, columns, []);
    const { rows } = await readSource(files[0]!, mapping);
    expect(rows[0]).toMatchObject({ id: 'case_enquiry_id', opened: 'open_dt', target: 'target_dt' });
  });
});

describe('branches of a data folder', () => {
  const names = ['Back Bay', 'Allston / Brighton', 'Allston/Brighton', '', '??', 'x'.repeat(300)];
  const plan = planForFolder('1a2b3c4d', names, 'neighborhood');

  it('are its own, one per neighbourhood, and a default one', () => {
    expect(plan.region.code).toBe('BOS-1a2b3c');
    expect(plan.codeOf('Back Bay')).toBe('BOS-1a2b3c-back-bay');
    expect(plan.codeOf('Allston/Brighton')).toBe(plan.codeOf('Allston / Brighton'));
    for (const blank of ['', '??', 'Atlantis']) expect(plan.codeOf(blank)).toBe('BOS-1a2b3c-CITY');
    expect(plan.branches.size).toBe(4);
  });

  it('have codes that fit into the numbers of forms, and stay apart when shortened', () => {
    for (const [code, name] of plan.branches) {
      expect(code.length).toBeLessThan(70);
      expect(name.length).toBeLessThanOrEqual(200);
    }
    const long = ['y'.repeat(80), 'y'.repeat(81)];
    expect(planForFolder('1a2b3c', long, 'n').branches.size).toBe(3);
  });

  it('are all named by the file that asks whether they are known', () => {
    const text = oneRowPerBranch(plan, mapping);
    const { rows } = readSourceText({ name: 'f', header: columns }, text, mapping);
    expect(new Set(rows.map((row) => plan.codeOf(row.neighbourhood)))).toEqual(new Set(plan.branches.keys()));
    expect(rows).toHaveLength(plan.branches.size);
  });
});
