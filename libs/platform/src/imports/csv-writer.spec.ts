import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvCell, toCsv } from './csv-writer.js';
import { IMPORT_LIMITS } from './import-kind.js';
import { bytesSource } from './reading/byte-source.js';
import { openCsv } from './reading/csv-layout.js';
import { CsvReader } from './reading/csv-reader.js';

const texts = fc.string({
  unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', '\r\n', ' ', '\t', '中', '😀', "'", '=', '-', '1'),
  maxLength: 12,
});

/** A file as other programs write it: any delimiter, texts as they are. */
const foreignCsv = (rows: readonly (readonly string[])[], delimiter: string): string =>
  rows
    .map((row) => row.map((cell) => quotedWhereNeeded(cell, delimiter)).join(delimiter) || '""')
    .map((line) => `${line}\r\n`)
    .join('');
const quotedWhereNeeded = (cell: string, delimiter: string): string =>
  cell.includes(delimiter) || /["\n\r]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

async function readBack(
  text: string,
  encoding: 'utf8' | 'utf16le' = 'utf8',
  batchRows = 500,
): Promise<(readonly string[])[]> {
  const bytes = Buffer.from(text, encoding);
  const source = bytesSource(bytes);
  const layout = await openCsv(source, bytes, encoding === 'utf8' ? 'utf-8' : 'utf-16le');
  const rows: (readonly string[])[] = [];
  for await (const block of new CsvReader(source, layout, { ...IMPORT_LIMITS, batchRows }).blocks(
    layout.first,
  )) {
    for (const row of block.rows) rows.push(row.cells ?? []);
  }
  return rows;
}

describe('a CSV export', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['+cmd|x', "'+cmd|x"],
    ['-2+3+cmd', "'-2+3+cmd"],
    ['-12.5', '-12.5'],
    ['+86 21 5555 1234', '+86 21 5555 1234'],
    ['-', '-'],
    ['a"b', '"a""b"'],
    ['a,b', '"a,b"'],
    [' a', '" a"'],
  ])('writes %j as %j', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  it('writes numbers, flags and nothing as they are', () => {
    expect(toCsv([[-1, 2n, true, null, undefined]])).toBe('-1,2,true,,\r\n');
    expect(toCsv([['']])).toBe('""\r\n');
  });

  it('is read back as it was, whatever the texts, the encoding and the size of blocks', async () => {
    const tables = fc
      .integer({ min: 1, max: 5 })
      .chain((width) =>
        fc.array(fc.array(texts, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 }),
      );
    const options = [
      tables,
      fc.constantFrom(',', ';', '\t'),
      fc.constantFrom('utf8', 'utf16le') as fc.Arbitrary<'utf8'>,
      fc.integer({ min: 1, max: 4 }),
    ] as const;
    await fc.assert(
      fc.asyncProperty(...options, async (table, wanted, encoding, batchRows) => {
        // Nothing in a header of one column tells another delimiter.
        const delimiter = table[0]!.length === 1 ? ',' : wanted;
        const header = table[0]!.map((_, i) => `c${i}`);
        const text = foreignCsv([header, ...table], delimiter);
        expect(await readBack(text, encoding, batchRows)).toEqual(
          table.filter((row) => row.some((cell) => cell !== '')),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('stays readable around a broken line put anywhere', async () => {
    const table = fc.array(fc.tuple(fc.constantFrom('a', 'b"c', 'd,e'), fc.constantFrom('x', 'y\nz')), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(table, fc.nat(), async (rows, at) => {
        const lines = rows.map((row) => toCsv([row]));
        const place = at % (lines.length + 1);
        const text = ['c0,c1\r\n', ...lines.slice(0, place), 'broken,"open\r\n', ...lines.slice(place)].join(
          '',
        );
        const good = (await readBack(text)).filter((cells) => cells.length > 0);
        expect(good.slice(0, place)).toEqual(rows.slice(0, place));
        // Behind the broken line at most the rows that its quote could swallow before a quote shows it are lost.
        const rest = rows.slice(place);
        const firstPlain = rest.findIndex(
          (row) => !row.join('').includes('"') && !row.join('').match(/[,\n]/),
        );
        if (firstPlain >= 0) expect(good).toContainEqual(rest[firstPlain]);
      }),
    );
  });
});
