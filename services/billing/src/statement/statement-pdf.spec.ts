import { describe, expect, it } from '@jest/globals';
import { inflateSync } from 'node:zlib';
import { printStatement } from './statement-pdf.js';
import type { StatementSheet } from './statement-sheet.js';
import { partsOf } from './statement.rules.js';

const none = { feeItemCode: null, serviceFrom: null, serviceTo: null, number: null };
const movement = (on: string, minor: string) => ({
  ...none,
  on,
  kind: 'charge' as const,
  currency: 'CNY',
  minor,
  feeItemCode: 'management',
  serviceFrom: on,
  serviceTo: on,
});

const sheet = (lines: number): StatementSheet => ({
  statement: {
    accountId: '0197a2c4-5d00-7000-8000-000000000014',
    branchId: '0197a2c4-5d00-7000-8000-000000000002',
    customerId: '0197a2c4-5d00-7000-8000-00000000000a',
    propertyUnitId: null,
    from: '2026-01-01',
    to: '2026-12-31',
    parts: partsOf(
      [],
      Array.from({ length: lines }, () => movement('2026-03-04', '12050')),
    ),
  },
  names: { customer: '李建国', propertyUnit: '180#1-1-1', feeItems: { management: '物业服务费' } },
  branch: '东区一分公司',
  printedAt: '2026-03-05T03:00:00.000Z',
});

/** The streams of a PDF as text; those that are not compressed are left out. */
function streamsOf(pdf: Uint8Array): string[] {
  const text = Buffer.from(pdf).toString('latin1');
  return [...text.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].flatMap(([, body]) => {
    try {
      return [inflateSync(Buffer.from(body!, 'latin1')).toString('latin1')];
    } catch {
      return [];
    }
  });
}
const shows = (pdf: Uint8Array, text: string): boolean => {
  const tables = streamsOf(pdf)
    .filter((stream) => stream.includes('begincmap'))
    .join('')
    .toLowerCase();
  return [...text].every((char) => tables.includes(char.charCodeAt(0).toString(16).padStart(4, '0')));
};

describe('BIL-16 a printed statement', () => {
  it('embeds the Chinese characters that it shows, and no whole font', async () => {
    const pdf = await printStatement(sheet(3));
    expect(Buffer.from(pdf.subarray(0, 5)).toString()).toBe('%PDF-');
    expect(shows(pdf, '对账单李建国物业服务费期初余额')).toBe(true);
    expect(shows(pdf, '鑫')).toBe(false);
    expect(pdf.length).toBeLessThan(100_000);
  });

  it('runs over pages, and the same sheet gives the same bytes', async () => {
    const [one, two] = [await printStatement(sheet(120)), await printStatement(sheet(120))];
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(true);
    expect(Buffer.from(one).toString('latin1')).toContain('/Count 4');
  });

  it('says so where nothing was charged or paid', async () => {
    expect(shows(await printStatement(sheet(0)), '本期无往来')).toBe(true);
  });
});

describe('BIL-16 the parts of a statement', () => {
  it('begin with what was owed before, and end with what is owed now, per currency', () => {
    const parts = partsOf(
      [{ currency: 'CNY', minor: '-500' }],
      [movement('2026-03-04', '12050'), { ...movement('2026-03-05', '-6000'), kind: 'payment' }],
    );
    expect(parts).toMatchObject([
      {
        opening: { amount: '-5.00' },
        lines: [
          { amount: { amount: '120.50' }, balance: { amount: '115.50' } },
          { amount: { amount: '-60.00' }, balance: { amount: '55.50' } },
        ],
        closing: { amount: '55.50' },
      },
    ]);
  });
});
