import { describe, expect, it } from '@jest/globals';
import { IMPORT_LIMITS } from '../import-kind.js';
import { importMapping } from '../import-mapping.js';
import { bytesSource } from './byte-source.js';
import { readFile, type OpenedFile } from './read-file.js';
import type { ReadPlan } from './read-plan.js';
import type { MappedRow } from './row-mapper.js';
import type { Cursor } from './source-row.js';

const targets = [
  { name: 'title', required: true },
  { name: 'openedAt', required: false },
  { name: 'note', required: false },
];

export const planOf = (size: number, changes: Partial<ReadPlan> = {}): ReadPlan => ({
  size,
  cursor: null,
  encoding: null,
  sheet: null,
  mapping: null,
  targets,
  hasBranch: true,
  limits: IMPORT_LIMITS,
  ...changes,
});

type Result = { file?: OpenedFile; rows: MappedRow[]; cursors: Cursor[] };

async function read(content: string | Uint8Array, changes: Partial<ReadPlan> = {}): Promise<Result> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const result: Result = { rows: [], cursors: [] };
  for await (const event of readFile(bytesSource(bytes), planOf(bytes.length, changes))) {
    if (event.type === 'opened') result.file = event.file;
    else {
      result.rows.push(...event.rows);
      result.cursors.push(event.cursor);
    }
  }
  return result;
}

const codes = (rows: readonly MappedRow[]) =>
  rows
    .filter(({ problems }) => problems.length > 0)
    .map(({ rowNumber, problems }) => [rowNumber, problems[0]!.code]);
const titles = (rows: readonly MappedRow[]) =>
  rows.filter(({ problems }) => problems.length === 0).map(({ data }) => data['title']);

const HEADER = 'externalId,title,note\n';
const lines = (count: number) => Array.from({ length: count }, (_, i) => `${i},Title ${i},Note ${i}\n`);

describe('a file without damage', () => {
  it('gives our fields, the ids and the row numbers of a spreadsheet', async () => {
    const { rows, file } = await read(
      `${HEADER}7,"Lift, out of order","said ""twice""\nin two lines"\n8,Leak,\n`,
    );
    expect(file).toMatchObject({ format: 'csv', encoding: 'utf-8', unusedColumns: [] });
    expect(rows).toMatchObject([
      {
        rowNumber: 2,
        externalId: '7',
        data: { title: 'Lift, out of order', note: 'said "twice"\nin two lines' },
      },
      { rowNumber: 3, externalId: '8', data: { title: 'Leak' } },
    ]);
    expect(rows[1]!.data).not.toHaveProperty('note');
  });

  it.each([
    ['CRLF', '\r\n'],
    ['CR', '\r'],
    ['LF', '\n'],
  ])('takes %s as line end, also without one at the end of the file', async (_, end) => {
    const { rows } = await read(['title,note', 'a,1', '"b",2', 'c,"3"'].join(end));
    expect(rows.map(({ data }) => data)).toEqual([
      { title: 'a', note: '1' },
      { title: 'b', note: '2' },
      { title: 'c', note: '3' },
    ]);
  });

  it.each([';', '\t'])('tells the delimiter %j from the header', async (delimiter) => {
    const text = [
      ['"title"', '"note"'],
      ['"a, b"', 'x'],
    ]
      .map((cells) => cells.join(delimiter))
      .join('\n');
    expect((await read(text)).rows[0]!.data).toEqual({ title: 'a, b', note: 'x' });
  });

  it('passes over blank lines and rows of empty cells, and counts them in row numbers', async () => {
    const { rows } = await read('title,note\n\na,1\n,\n\nb,2\n');
    expect(rows.map(({ rowNumber }) => rowNumber)).toEqual([3, 6]);
  });

  it('keeps a quote inside plain text', async () => {
    expect((await read('title,note\n5" pipe,x\n')).rows[0]!.data['title']).toBe('5" pipe');
  });

  it('tells which columns nothing read', async () => {
    expect((await read('title,extra\na,b\n')).file!.unusedColumns).toEqual(['extra']);
  });
});

describe('encodings', () => {
  const text = 'title,note\n电梯故障,三号楼\n水管漏水,五号楼\n';
  const swap = (bytes: Buffer) => Buffer.from(bytes).swap16();
  const mark = (...bytes: number[]) => Buffer.from(bytes);
  const utf16 = Buffer.from(text, 'utf16le');
  // GB18030 bytes of the text, as no encoder is part of the runtime.
  const gb = Buffer.concat([
    Buffer.from('title,note\n'),
    mark(0xb5, 0xe7, 0xcc, 0xdd, 0xb9, 0xca, 0xd5, 0xcf, 0x2c, 0xc8, 0xfd, 0xba, 0xc5, 0xc2, 0xa5, 0x0a),
    mark(0xcb, 0xae, 0xb9, 0xdc, 0xc2, 0xa9, 0xcb, 0xae, 0x2c, 0xce, 0xe5, 0xba, 0xc5, 0xc2, 0xa5, 0x0a),
  ]);

  it.each<[string, Buffer, string]>([
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with a mark', Buffer.concat([mark(0xef, 0xbb, 0xbf), Buffer.from(text)]), 'utf-8'],
    ['UTF-16 LE with a mark', Buffer.concat([mark(0xff, 0xfe), utf16]), 'utf-16le'],
    ['UTF-16 BE with a mark', Buffer.concat([mark(0xfe, 0xff), swap(utf16)]), 'utf-16be'],
    ['UTF-16 LE', utf16, 'utf-16le'],
    ['UTF-16 BE', swap(utf16), 'utf-16be'],
    ['GB18030', gb, 'gb18030'],
  ])('reads %s', async (_, bytes, encoding) => {
    const { rows, file } = await read(bytes);
    expect(file!.encoding).toBe(encoding);
    expect(titles(rows)).toEqual(['电梯故障', '水管漏水']);
  });

  it('rejects single rows with bytes of another encoding and reads on', async () => {
    const bad = Buffer.concat([
      Buffer.from('title,note\nok,1\n'),
      mark(0x43, 0xe9, 0x73, 0x2c, 0x32, 0x0a),
      Buffer.from('也好,3\n'),
    ]);
    const { rows } = await read(bad);
    expect(codes(rows)).toEqual([[3, 'import.bad-encoding']]);
    expect(titles(rows)).toEqual(['ok', '也好']);
  });

  it('takes a declared encoding, and fails when the header is not of it', async () => {
    const latin = Buffer.from('title,note\nCaf\xe9,1\n', 'latin1');
    expect(titles((await read(latin, { encoding: 'windows-1252' })).rows)).toEqual(['Café']);
    const header = Buffer.from('t\xeftle,note\na,1\n', 'latin1');
    await expect(read(header, { encoding: 'utf-8' })).rejects.toMatchObject({
      code: 'import.unknown-encoding',
    });
  });
});

describe('damage', () => {
  const good = lines(2000);
  const with_ = (at: number, line: string) =>
    HEADER + [...good.slice(0, at), line, ...good.slice(at)].join('');

  it('fails at once on a missing column and names it', async () => {
    await expect(read('externalId,note\n1,x\n')).rejects.toMatchObject({
      code: 'import.missing-column',
      params: { missing: ['title'] },
    });
  });

  it('fails on a column that comes twice', async () => {
    await expect(read('title,title\na,b\n')).rejects.toMatchObject({ code: 'import.duplicate-column' });
  });

  it('a broken quote costs its own row', async () => {
    const { rows } = await read(with_(1000, '5000,"Broken,x\n'));
    expect(codes(rows)).toEqual([[1002, 'import.broken-quote']]);
    expect(rows[1000]!.problems[0]!.field).toBe('title');
    expect(titles(rows)).toHaveLength(2000);
  });

  it('a quote that opens in the last row costs that row', async () => {
    const { rows } = await read(with_(2000, '5000,"Broken,x'));
    expect(codes(rows)).toEqual([[2002, 'import.broken-quote']]);
    expect(titles(rows)).toHaveLength(2000);
  });

  it('two broken quotes that close one another cost their own rows', async () => {
    const { rows } = await read(`${HEADER}1,"a,x\n2,b,y"\n3,c,z\n`);
    expect(codes(rows)).toEqual([[2, 'import.broken-quote']]);
    expect(titles(rows)).toEqual(['b', 'c']);
  });

  it('tells of lines behind a broken quote that make no row', async () => {
    const { rows } = await read(`${HEADER}1,"a,x\njust text\nmore text\n4,d,z\n`);
    expect(codes(rows)).toEqual([
      [2, 'import.broken-quote'],
      [3, 'import.skipped-lines'],
    ]);
    expect(rows.map(({ rowNumber }) => rowNumber)).toEqual([2, 3, 5]);
    expect(titles(rows)).toEqual(['d']);
  });

  it.each([
    ['in one plain field', (text: string) => `5000,${text},x\n`],
    ['in one quoted field', (text: string) => `5000,"${text}",x\n`],
  ])('10 MB %s cost one row, named with its column', async (_, line) => {
    const { rows } = await read(with_(1000, line('x'.repeat(10 * 1024 * 1024))));
    expect(codes(rows)).toEqual([[1002, 'import.row-too-large']]);
    expect(rows[1000]!.problems[0]!.field).toBe('title');
    expect(titles(rows)).toHaveLength(2000);
  });

  it('2 MB of lines in one quoted field do not become rows', async () => {
    const text = 'some words, more words\n'.repeat(100_000);
    const { rows } = await read(with_(1000, `5000,"${text}",x\n`));
    expect(codes(rows).map(([, code]) => code)).toEqual(['import.broken-quote', 'import.skipped-lines']);
    expect(titles(rows)).toHaveLength(2000);
  });

  it('a wrong number of columns costs the row', async () => {
    expect(codes((await read(`${HEADER}1,a\n2,b,x\n3,c,x,y\n`)).rows)).toEqual([
      [2, 'import.wrong-columns'],
      [4, 'import.wrong-columns'],
    ]);
  });

  it('a NUL character costs the row', async () => {
    const big = HEADER + `1,Title,${'long '.repeat(300)}\n`.repeat(800);
    expect(codes((await read(`${big}9,a\0b,x\n`)).rows)).toEqual([[802, 'import.control-character']]);
  });

  it('formulas stay texts and are warned of; numbers are not', async () => {
    const { rows } = await read(`${HEADER}1,=1+1,@SUM(A1)\n2,-5,+86 21 5555\n3,-cmd|x,\n`);
    expect(rows.map(({ warnings }) => warnings.map(({ field, code }) => [field, code]))).toEqual([
      [
        ['title', 'import.formula-text'],
        ['note', 'import.formula-text'],
      ],
      [],
      [['title', 'import.formula-text']],
    ]);
    expect(rows[0]!.data['title']).toBe('=1+1');
  });

  it('an empty file and other formats are refused', async () => {
    await expect(read('')).rejects.toMatchObject({ code: 'import.empty-file' });
    await expect(read('\n\r\n')).rejects.toMatchObject({ code: 'import.empty-file' });
    await expect(read('%PDF-1.7 …')).rejects.toMatchObject({ code: 'import.unsupported-format' });
    await expect(read(Buffer.from('\x89PNG\r\n\0\0\0\rIHDR\0\0\0', 'latin1'))).rejects.toMatchObject({
      code: 'import.unsupported-format',
    });
  });
});

describe('going on from a cursor', () => {
  const text = `${HEADER}${lines(300).join('')}900,"broken,x\nlost line\n${lines(300).join('')}`;

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-16', Buffer.from(text, 'utf16le')],
  ])('reads the same rows from any cursor on (%s)', async (_, bytes) => {
    const limits = { ...IMPORT_LIMITS, batchRows: 50 };
    const whole = await read(bytes, { limits });
    expect(whole.cursors.length).toBeGreaterThan(10);
    let seen = 0;
    for (const cursor of whole.cursors) {
      seen = whole.rows.findLastIndex(({ rowNumber }) => rowNumber <= cursor.row) + 1;
      const rest = await read(bytes, { limits, cursor });
      expect(rest.rows).toEqual(whole.rows.slice(seen));
    }
    expect(seen).toBe(whole.rows.length);
  });
});

describe('mapping', () => {
  it('is refused with the place of the fault', () => {
    const parse = (fields: object) => importMapping.safeParse({ fields });
    expect(parse({ openedAt: { column: 'd', date: { formats: ['yyyy-MM-dd'] } } }).success).toBe(false);
    expect(parse({ openedAt: { column: 'd', date: { zone: 'Mars/Base', formats: ['yyyy'] } } }).success).toBe(
      false,
    );
    expect(parse({ title: { colum: 'd' } }).success).toBe(false);
  });
});
