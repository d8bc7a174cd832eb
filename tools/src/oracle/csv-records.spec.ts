import { describe, expect, it } from '@jest/globals';
import { readCsv } from './csv-records.js';

const read = (text: string) => [...readCsv(text)].map(({ rowNumber, cells }) => [rowNumber, cells]);

describe('reading CSV without the importer', () => {
  it('reads quotes, doubled quotes, commas and line breaks in them, with either line end', () => {
    expect(read('\ufeffa,b\r\n"x, ""y""","1\n2"\r\n , z\n')).toEqual([
      [1, ['a', 'b']],
      [2, ['x, "y"', '1\n2']],
      [3, [' ', ' z']],
    ]);
  });

  it('keeps empty cells and reads a last line without an end', () => {
    expect(read('a,b,c\n,,\nx,"",y')).toEqual([
      [1, ['a', 'b', 'c']],
      [2, ['', '', '']],
      [3, ['x', '', 'y']],
    ]);
    expect(read('a,b\n1,2\r')).toEqual([
      [1, ['a', 'b']],
      [2, ['1', '2']],
    ]);
    expect(read('a\n"1"\r\n')).toEqual([
      [1, ['a']],
      [2, ['1']],
    ]);
  });

  it('counts blank lines as a spreadsheet does', () => {
    expect(read('a,b\n\n\r\n1,2\n')).toEqual([
      [1, ['a', 'b']],
      [4, ['1', '2']],
    ]);
  });

  it('takes a quote inside plain text for text', () => {
    expect(read('a,b\n12" pipe,x\n')[1]).toEqual([2, ['12" pipe', 'x']]);
  });

  it('loses only the lines that a broken quote is in', () => {
    expect(read('a,b\n"open,1\n2,3\n4,5\n')).toEqual([
      [1, ['a', 'b']],
      [2, null],
      [3, ['2', '3']],
      [4, ['4', '5']],
    ]);
    expect(read('a,b\n"x"y,1\n2,3\n')).toEqual([
      [1, ['a', 'b']],
      [2, null],
      [3, ['2', '3']],
    ]);
  });

  it('gives a record up that swallowed others up to the next quote', () => {
    const rows = read('a,b\n"open,1\n2,3\n"4",5\n');
    expect(rows).toEqual([
      [1, ['a', 'b']],
      [2, null],
      [3, ['2', '3']],
      [4, ['4', '5']],
    ]);
  });

  it('reads nothing from nothing', () => {
    expect(read('')).toEqual([]);
    expect(read('\ufeff')).toEqual([]);
  });
});
