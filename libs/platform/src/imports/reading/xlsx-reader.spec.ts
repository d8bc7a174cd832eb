import { describe, expect, it } from '@jest/globals';
import { bookParts, sheetRow, zip, type BookOptions } from '../../../test/xlsx.fixture.js';
import { IMPORT_LIMITS } from '../import-kind.js';
import { bytesSource } from './byte-source.js';
import { readFile, type OpenedFile } from './read-file.js';
import type { ReadPlan } from './read-plan.js';
import type { MappedRow } from './row-mapper.js';
import type { Cursor } from './source-row.js';
import { columnOf, numberStyle, numberText, serialText } from './xlsx-values.js';

type Result = { file?: OpenedFile; rows: MappedRow[]; cursors: Cursor[] };

async function read(bytes: Buffer, changes: Partial<ReadPlan> = {}): Promise<Result> {
  const plan: ReadPlan = {
    ...{ size: bytes.length, cursor: null, encoding: null, sheet: null, mapping: null, hasBranch: true },
    targets: ['title', 'note', 'day'].map((name) => ({ name, required: name === 'title' })),
    limits: IMPORT_LIMITS,
    ...changes,
  };
  const result: Result = { rows: [], cursors: [] };
  for await (const event of readFile(bytesSource(bytes), plan)) {
    if (event.type === 'opened') result.file = event.file;
    else {
      result.rows.push(...event.rows);
      result.cursors.push(event.cursor);
    }
  }
  return result;
}

const book = (options: BookOptions): Buffer => zip(bookParts(options));
const HEADER = sheetRow(1, ['title', 'note', 'day']);
const STYLES = `<numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>
  <cellStyleXfs><xf numFmtId="22"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs>`;
const data = ({ rows }: Result) => rows.map(({ data: values }) => values);
const codes = ({ rows }: Result) =>
  rows.flatMap(({ rowNumber, problems }) => problems.map(({ code, field }) => [rowNumber, field, code]));

describe('a workbook', () => {
  it('gives texts, numbers, dates by style, booleans and the stored values of formulas', async () => {
    const strings =
      '<si><t>Lift</t></si><si><r><t>rich </t></r><r><t xml:space="preserve">text &amp; more</t></r><rPh><t>phonetic</t></rPh></si>';
    const sheet = `${HEADER}
      <row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" s="1"><v>46054</v></c></row>
      <row r="3"><c r="A3"><v>0.30000000000000004</v></c><c r="B3" t="b"><v>1</v></c><c r="C3" s="2"><v>46054.354166666664</v></c></row>
      <row r="5"><c r="A5" t="str"><f>A1&amp;"x"</f><v>cached</v></c><c r="C5"><f>1+1</f></c></row>`;
    const result = await read(book({ sheets: { First: sheet }, strings, styles: STYLES }));
    expect(result.file).toMatchObject({ format: 'xlsx', unusedColumns: [] });
    expect(data(result)).toEqual([
      { title: 'Lift', note: 'rich text & more', day: '2026-02-01' },
      { title: '0.3', note: 'true', day: '2026-02-01T08:30:00' },
      { title: 'cached' },
    ]);
    expect(result.rows.map(({ rowNumber }) => rowNumber)).toEqual([2, 3, 5]);
  });

  it('takes the first sheet that is not hidden, or the named one', async () => {
    const sheets = {
      Hidden: HEADER + sheetRow(2, ['hidden']),
      Shown: HEADER + sheetRow(2, ['shown']),
      Other: HEADER + sheetRow(2, ['other']),
    };
    const bytes = book({ sheets, hidden: ['Hidden'] });
    expect(data(await read(bytes))).toEqual([{ title: 'shown' }]);
    expect(data(await read(bytes, { sheet: 'Other' }))).toEqual([{ title: 'other' }]);
    await expect(read(bytes, { sheet: 'None' })).rejects.toMatchObject({
      code: 'import.no-sheet',
      params: { sheets: Object.keys(sheets) },
    });
  });

  it('reads the same rows from any cursor on', async () => {
    const sheet =
      HEADER + Array.from({ length: 500 }, (_, i) => sheetRow(i * 2 + 2, [`Title ${i}`, i])).join('');
    const bytes = book({ sheets: { First: sheet } });
    const limits = { ...IMPORT_LIMITS, batchRows: 60 };
    const whole = await read(bytes, { limits });
    expect(whole.rows).toHaveLength(500);
    for (const cursor of whole.cursors) {
      const rest = await read(bytes, { limits, cursor });
      expect(rest.rows).toEqual(whole.rows.filter(({ rowNumber }) => rowNumber > cursor.row));
    }
  });

  it('rejects rows with errors in cells, too many columns or huge cells', async () => {
    const sheet = `${HEADER}${sheetRow(2, ['ok'])}<row r="3"><c r="A3"/><c r="B3" t="e"><v>#N/A</v></c></row>
      ${sheetRow(4, ['a', 'b', 'c', 'd'])}${sheetRow(5, ['big', 'x'.repeat(10 * 1024 * 1024)])}${sheetRow(6, ['&lt;fine&gt;'])}`;
    const result = await read(book({ sheets: { First: sheet } }));
    expect(codes(result)).toEqual([
      [3, 'note', 'import.cell-error'],
      [4, null, 'import.wrong-columns'],
      [5, null, 'import.row-too-large'],
    ]);
    expect(data(result).filter((values) => values['title'])).toEqual([{ title: 'ok' }, { title: '<fine>' }]);
  });

  it('keeps formula texts as texts and warns of them', async () => {
    const { rows } = await read(book({ sheets: { First: HEADER + sheetRow(2, ['=1+1']) } }));
    expect(rows[0]).toMatchObject({
      data: { title: '=1+1' },
      warnings: [{ field: 'title', code: 'import.formula-text' }],
    });
  });

  it('has no rows: the file is empty', async () => {
    await expect(read(book({ sheets: { First: '' } }))).rejects.toMatchObject({ code: 'import.empty-file' });
  });

  it('does not expand entities', async () => {
    const parts = bookParts({ sheets: { First: HEADER } });
    const bomb =
      '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]><worksheet><sheetData><row r="1"><c t="str"><v>&c;</v></c></row></sheetData></worksheet>';
    const bytes = zip(
      parts.map((part) => (part.name.includes('sheet1') ? { ...part, content: bomb } : part)),
    );
    await expect(read(bytes)).rejects.toMatchObject({ code: 'import.broken-workbook' });
  });

  it('beyond the limits, or damaged, fails as a whole', async () => {
    const sheets = { First: HEADER + sheetRow(2, ['x']) };
    const fat = zip([
      ...bookParts({ sheets }).filter(({ name }) => !name.includes('sharedStrings')),
      { name: 'xl/sharedStrings.xml', content: Buffer.alloc(40 * 1024 * 1024, ' ') },
    ]);
    await expect(read(fat)).rejects.toMatchObject({ code: 'import.workbook-too-large' });
    const small = { ...IMPORT_LIMITS, maxUnzippedBytes: 500 };
    await expect(read(book({ sheets }), { limits: small })).rejects.toMatchObject({
      code: 'import.workbook-too-large',
    });
    const liar = zip(
      bookParts({ sheets }).map((part) =>
        part.name.includes('sheet1') ? { ...part, declaredSize: 10 } : part,
      ),
    );
    await expect(read(liar)).rejects.toMatchObject({ code: 'import.broken-workbook' });
    await expect(read(book({ sheets }).subarray(0, 700))).rejects.toMatchObject({
      code: 'import.broken-workbook',
    });
    await expect(read(zip([{ name: 'word/document.xml', content: '<a/>' }]))).rejects.toMatchObject({
      code: 'import.broken-workbook',
    });
    const tooBig = { ...IMPORT_LIMITS, maxXlsxBytes: 100 };
    await expect(read(book({ sheets }), { limits: tooBig })).rejects.toMatchObject({
      code: 'import.file-too-large',
    });
  });
});

describe('values of a workbook', () => {
  it.each<[number, string | undefined, string]>([
    [14, undefined, 'date'],
    [22, undefined, 'date-time'],
    [2, undefined, 'number'],
    [164, 'yyyy"年"m"月"d"日";@', 'date'],
    [165, '[$-409]h:mm AM/PM', 'date-time'],
    [166, '[h]:mm', 'date-time'],
    [167, '#,##0.00 "days"', 'number'],
    [168, '[Red]0.00', 'number'],
    [169, 'General', 'number'],
    [170, '0\\d', 'number'],
  ])('format %i %j is a %s', (id, code, style) => {
    expect(numberStyle(id, code)).toBe(style);
  });

  it.each<[number, boolean, string | undefined]>([
    [1, false, '1900-01-01'],
    [59, false, '1900-02-28'],
    [61, false, '1900-03-01'],
    [40725, false, '2011-07-01'],
    [39263, true, '2011-07-01'],
    [-1, false, undefined],
    [3_000_000, false, undefined],
  ])('day %i (1904: %s) is %s', (serial, date1904, text) => {
    expect(serialText(serial, 'date', date1904)).toBe(text);
  });

  it('rounds times to the millisecond', () => {
    expect(serialText(40725.303287037036, 'date-time', false)).toBe('2011-07-01T07:16:44');
    expect(serialText(40725.5, 'date', false)).toBe('2011-07-01T12:00:00');
  });

  it.each([
    ['12', '12'],
    ['1E3', '1000'],
    ['123456789012345', '123456789012345'],
    ['1.1000000000000001', '1.1'],
    ['1E-7', '0.0000001'],
    ['1E+21', '1000000000000000000000'],
    ['', ''],
  ])('number %s is written %s', (stored, text) => {
    expect(numberText(stored)).toBe(text);
  });

  it.each([
    ['A1', 0],
    ['Z9', 25],
    ['AA10', 26],
    ['XFD1', 16383],
    ['9', -1],
  ])('%s is column %i', (address, column) => {
    expect(columnOf(address)).toBe(column);
  });
});
