import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import type { EntryKind } from '../ledger/ledger.repository.js';
import type { StatementDto } from './statement.dto.js';
import type { StatementSheet } from './statement-sheet.js';

type Part = StatementDto['parts'][number];
type Line = Part['lines'][number];

// a subset of it is embedded: the characters that stand on the pages
const FONT = createRequire(import.meta.url).resolve(
  '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
);

const WORDS: Readonly<Record<EntryKind, string>> = {
  charge: '应收',
  payment: '收款',
  allocation: '冲抵',
  refund: '退款',
  'credit-note': '红字账单',
  reversal: '冲销',
  'cash-handover': '现金缴款',
  opening: '期初',
};

const MARGIN = 48;
const ROW = 18;
const COLUMNS = [
  { title: '日期', x: MARGIN, width: 70, align: 'left' },
  { title: '摘要', x: 122, width: 190, align: 'left' },
  { title: '单据号', x: 316, width: 100, align: 'left' },
  { title: '金额', x: 416, width: 62, align: 'right' },
  { title: '余额', x: 482, width: 65, align: 'right' },
] as const;
const RIGHT = 547;
const BOTTOM = 780;

/** A statement as PDF pages with Chinese type; the same sheet gives the same bytes. */
export async function printStatement(sheet: StatementSheet): Promise<Uint8Array> {
  const info = {
    Title: '对账单',
    CreationDate: new Date(sheet.printedAt),
    ModDate: new Date(sheet.printedAt),
  };
  const doc = new PDFDocument({ size: 'A4', margin: MARGIN, bufferPages: true, font: FONT, info });
  const chunks: Uint8Array[] = [];
  doc.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  const done = new Promise<void>((resolve, reject) => {
    doc.on('end', resolve);
    doc.on('error', reject);
  });
  printHead(doc, sheet);
  for (const part of sheet.statement.parts) printPart(doc, part, sheet.names.feeItems);
  if (sheet.statement.parts.length === 0) doc.fontSize(10).text('本期无往来，无欠款。', MARGIN, doc.y + ROW);
  numberPages(doc);
  doc.end();
  await done;
  return new Uint8Array(Buffer.concat(chunks));
}

type Doc = InstanceType<typeof PDFDocument>;

function printHead(doc: Doc, { statement, names, branch, printedAt }: StatementSheet): void {
  doc.fontSize(16).text('对账单', MARGIN, MARGIN, { align: 'center' });
  doc.fontSize(10).moveDown();
  const about = [
    ['服务单位', branch],
    ['客户', names.customer ?? statement.customerId],
    ['房屋单元', names.propertyUnit ?? '—'],
    ['期间', `${statement.from} 至 ${statement.to}`],
    ['出具时间', printedAt.slice(0, 10)],
  ];
  for (const [label, value] of about) doc.text(`${label}：${value}`, MARGIN);
  doc.y += ROW / 2;
}

function printPart(doc: Doc, part: Part, feeItems: Readonly<Record<string, string>>): void {
  doc.fontSize(10).text(`币种：${part.currency}`, MARGIN);
  printTitles(doc);
  printRow(doc, ['', '期初余额', '', '', part.opening.amount]);
  for (const line of part.lines)
    printRow(doc, [
      line.on,
      textOf(line, feeItems),
      line.number ?? '',
      line.amount.amount,
      line.balance.amount,
    ]);
  printRow(doc, ['', '期末余额', '', '', part.closing.amount]);
  doc.y += ROW / 2;
}

function printTitles(doc: Doc): void {
  printCells(
    doc,
    COLUMNS.map(({ title }) => title),
  );
  doc
    .moveTo(MARGIN, doc.y - 3)
    .lineTo(RIGHT, doc.y - 3)
    .lineWidth(0.5)
    .stroke();
}

function printRow(doc: Doc, cells: readonly string[]): void {
  if (doc.y + ROW > BOTTOM) {
    doc.addPage();
    doc.y = MARGIN;
    printTitles(doc);
  }
  printCells(doc, cells);
}

function printCells(doc: Doc, cells: readonly string[]): void {
  const y = doc.y;
  doc.fontSize(9);
  for (const [at, { x, width, align }] of COLUMNS.entries())
    doc.text(cells[at] ?? '', x, y, { width, align, height: ROW, lineBreak: false, ellipsis: true });
  doc.y = y + ROW;
}

function textOf(
  { kind, feeItemCode, serviceFrom, serviceTo }: Line,
  feeItems: Readonly<Record<string, string>>,
) {
  if (feeItemCode === null) return WORDS[kind];
  const item = feeItems[feeItemCode] ?? feeItemCode;
  const days = serviceFrom === serviceTo ? serviceFrom : `${serviceFrom} – ${serviceTo}`;
  return `${kind === 'charge' ? '' : `${WORDS[kind]} `}${item} ${days}`;
}

function numberPages(doc: Doc): void {
  const { count } = doc.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page);
    // writing below the margin must not open a page
    doc.page.margins.bottom = 0;
    doc
      .fontSize(8)
      .text(`第 ${page + 1} 页 / 共 ${count} 页`, MARGIN, 806, { width: RIGHT - MARGIN, align: 'center' });
  }
}
