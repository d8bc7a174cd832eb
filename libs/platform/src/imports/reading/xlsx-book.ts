import { ImportFailure } from '../import-failure.js';
import { StringSpool } from './string-spool.js';
import { streamXml, type XmlHandlers } from './xml-stream.js';
import { numberStyle, type NumberStyle } from './xlsx-values.js';
import type { XlsxZip } from './xlsx-zip.js';

type Sheet = Readonly<{ name: string; relation: string; hidden: boolean }>;

const MAX_NAME = 10_000;

async function walk(zip: XlsxZip, part: string, handlers: XmlHandlers, maxText = MAX_NAME): Promise<void> {
  const steps = streamXml(zip.read(part), handlers, maxText);
  while (!(await steps.next()).done);
}

/** Finds the part that holds a sheet: the named one, or the first that is not hidden. */
export async function findSheet(
  zip: XlsxZip,
  wanted: string | null,
): Promise<{ part: string; date1904: boolean }> {
  const sheets: Sheet[] = [];
  let date1904 = false;
  await walk(zip, 'xl/workbook.xml', {
    open: (name, attributes) => {
      if (name === 'workbookPr') date1904 = /^(1|true)$/.test(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      const relation = Object.entries(attributes).find(([key]) => /(^|:)id$/.test(key))?.[1] ?? '';
      sheets.push({
        name: attributes['name'] ?? '',
        relation,
        hidden: (attributes['state'] ?? 'visible') !== 'visible',
      });
    },
  });
  const sheet =
    wanted === null
      ? (sheets.find(({ hidden }) => !hidden) ?? sheets[0])
      : sheets.find(({ name }) => name === wanted);
  const target = sheet && (await relations(zip)).get(sheet.relation);
  if (target && zip.has(target)) return { part: target, date1904 };
  throw new ImportFailure({
    code: 'import.no-sheet',
    detail: wanted === null ? 'The workbook has no sheet.' : `The workbook has no sheet "${wanted}".`,
    params: { sheets: sheets.map(({ name }) => name) },
  });
}

async function relations(zip: XlsxZip): Promise<Map<string, string>> {
  const targets = new Map<string, string>();
  await walk(zip, 'xl/_rels/workbook.xml.rels', {
    open: (name, { Id = '', Target = '' }) => {
      if (name === 'Relationship') targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`);
    },
  });
  return targets;
}

/** How the numbers of each cell style are shown, by the style's number. */
export async function readStyles(zip: XlsxZip): Promise<readonly NumberStyle[]> {
  const styles: NumberStyle[] = [];
  if (!zip.has('xl/styles.xml')) return styles;
  const codes = new Map<number, string>();
  let inCells = false;
  await walk(zip, 'xl/styles.xml', {
    open: (name, attributes) => {
      if (name === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      if (name === 'cellXfs') inCells = true;
      const id = Number(attributes['numFmtId'] ?? 0);
      if (name === 'xf' && inCells) styles.push(numberStyle(id, codes.get(id)));
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return styles;
}

/** Puts the workbook's shared strings on disk. Phonetic hints are left out; texts beyond `maxText` are cut behind it. */
export async function readSharedStrings(zip: XlsxZip, maxText: number): Promise<StringSpool> {
  const spool = new StringSpool();
  try {
    if (zip.has('xl/sharedStrings.xml'))
      await walk(zip, 'xl/sharedStrings.xml', stringHandlers(spool, maxText), maxText);
    return spool;
  } catch (error) {
    spool.close();
    throw error;
  }
}

function stringHandlers(spool: StringSpool, maxText: number): XmlHandlers {
  let text = '';
  let inText = false;
  let phonetic = false;
  return {
    open: (name) => {
      if (name === 'si') text = '';
      if (name === 't') inText = true;
      if (name === 'rPh') phonetic = true;
    },
    text: (more) => {
      if (inText && !phonetic && text.length <= maxText) text += more;
    },
    close: (name) => {
      if (name === 't') inText = false;
      if (name === 'rPh') phonetic = false;
      if (name === 'si') spool.add(text);
    },
  };
}
