import { crc32, deflateRawSync } from 'node:zlib';

type Part = Readonly<{ name: string; content: string | Buffer; declaredSize?: number }>;

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** A zip file; `declaredSize` lets a part lie about how large it is unpacked. */
export function zip(parts: readonly Part[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, declaredSize } of parts) {
    const raw = Buffer.from(content);
    const packed = deflateRawSync(raw, { level: 9 });
    const shared = Buffer.concat([
      ...[u16(20), u16(0x800), u16(8), u16(0), u16(0x21), u32(crc32(raw))],
      ...[u32(packed.length), u32(declaredSize ?? raw.length), u16(Buffer.byteLength(name)), u16(0)],
    ]);
    const body = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(name), packed]);
    bodies.push(body);
    directory.push(
      Buffer.concat([
        Buffer.from('PK\x01\x02'),
        u16(20),
        shared,
        u16(0),
        u16(0),
        u16(0),
        u32(0),
        u32(offset),
        Buffer.from(name),
      ]),
    );
    offset += body.length;
  }
  const central = Buffer.concat(directory);
  const end = [
    Buffer.from('PK\x05\x06'),
    u16(0),
    u16(0),
    u16(parts.length),
    u16(parts.length),
    u32(central.length),
    u32(offset),
    u16(0),
  ];
  return Buffer.concat([...bodies, central, ...end]);
}

export type BookOptions = Readonly<{
  /** XML inside `sheetData`, by the sheet's name. */
  sheets: Readonly<Record<string, string>>;
  /** XML inside `sst`. */
  strings?: string;
  /** XML inside `styleSheet`. */
  styles?: string;
  date1904?: boolean;
  hidden?: readonly string[];
}>;

/** The parts of a workbook as spreadsheet programs write them. */
export function bookParts({
  sheets,
  strings = '',
  styles = '',
  date1904 = false,
  hidden = [],
}: BookOptions): Part[] {
  const names = Object.keys(sheets);
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const list = names.map(
    (name, i) =>
      `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 1}"${hidden.includes(name) ? ' state="hidden"' : ''}/>`,
  );
  const targets = names.map(
    (_, i) => `<Relationship Id="rId${i + 1}" Type="worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
  );
  return [
    { name: '[Content_Types].xml', content: '<Types/>' },
    {
      name: 'xl/workbook.xml',
      content: `<workbook ${main} xmlns:r="r"><workbookPr date1904="${date1904 ? 1 : 0}"/><sheets>${list.join('')}</sheets></workbook>`,
    },
    { name: 'xl/_rels/workbook.xml.rels', content: `<Relationships>${targets.join('')}</Relationships>` },
    { name: 'xl/styles.xml', content: `<styleSheet ${main}>${styles}</styleSheet>` },
    { name: 'xl/sharedStrings.xml', content: `<sst ${main}>${strings}</sst>` },
    ...names.map((name, i) => ({
      name: `xl/worksheets/sheet${i + 1}.xml`,
      content: `<?xml version="1.0"?><worksheet ${main}><sheetData>${sheets[name]}</sheetData></worksheet>`,
    })),
  ];
}

/** A row of inline texts and numbers. */
export const sheetRow = (number: number, cells: readonly (string | number)[]): string =>
  `<row r="${number}">${cells
    .map((cell, i) => {
      const address = `${String.fromCharCode(65 + i)}${number}`;
      return typeof cell === 'number'
        ? `<c r="${address}"><v>${cell}</v></c>`
        : `<c r="${address}" t="inlineStr"><is><t>${cell}</t></is></c>`;
    })
    .join('')}</row>`;
