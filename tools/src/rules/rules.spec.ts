import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { readCatalogue, rulesOf } from './catalogue.js';
import { drawReport, reportOf } from './coverage.js';
import { idsIn, titlesOf } from './spec-titles.js';

// put together, so that this file's own text does not claim to prove a rule
const id = (context: string, number: string) => `${context}-${number}`;
const TABLE = `
| id     | rule                       | stage   |
| ------ | -------------------------- | ------- |
| ${id('ORG', '05')} | numbers without gaps       | built   |
| ${id('TKT', '03')} | the hotline answers at once | planned |
| ${id('TKT', '27')} | pauses do not count        | built   |
`;

describe('the rule catalogue', () => {
  it('is read from the tables of docs/rules', () => {
    expect(rulesOf(TABLE, 'x.md')).toEqual([
      { id: id('ORG', '05'), rule: 'numbers without gaps', stage: 'built', file: 'x.md' },
      { id: id('TKT', '03'), rule: 'the hotline answers at once', stage: 'planned', file: 'x.md' },
      { id: id('TKT', '27'), rule: 'pauses do not count', stage: 'built', file: 'x.md' },
    ]);
  });

  it('refuses a row that it cannot read', () => {
    expect(() => rulesOf(`| ${id('ORG', '05')} | no stage |`, 'x.md')).toThrow(/x\.md: cannot read the row/);
  });

  it('knows every context of the trade', () => {
    const rules = readCatalogue(join(import.meta.dirname, '../../../docs/rules'));
    const contexts = new Set(rules.map((rule) => rule.id.slice(0, 3)));
    const all = [
      'ACC',
      'BIL',
      'FDK',
      'FLT',
      'FLW',
      'GRP',
      'INS',
      'ORG',
      'POL',
      'PRM',
      'PTR',
      'REN',
      'STF',
      'STO',
      'TKT',
    ];
    expect([...contexts].sort()).toEqual(all);
    expect(rules.every(({ stage }) => ['built', 'part', 'planned'].includes(stage))).toBe(true);
  });
});

describe('titles of tests', () => {
  it('are found in every way of writing them', () => {
    const [a, b, c, d] = [id('ORG', '05'), id('TKT', '01'), id('POL', '02'), id('TKT', '28')];
    const text = `
      describe('${a} numbers', () => {
        it("${b} takes it", () => {});
        it.each([[1, 'x'], [2, 'y']])(\`${c} wins for %s\`, () => {});
        test('it\\'s ${d}', async () => {});
        it('names no rule', () => {});
        it.skip('${id('GRP', '01')} does not run', () => {});
        expect('${id('XXX', '99')}').toBe(1);
      });`;
    expect(titlesOf(text, 'a.spec.ts').map(({ rules }) => rules)).toEqual([[a], [b], [c], [d]]);
  });

  it('may name several rules, by list and by range', () => {
    expect(idsIn(`${id('TKT', '01')}, 02, 04 and ${id('FLW', '12')} hold`)).toEqual([
      'TKT-01',
      'FLW-12',
      'TKT-02',
      'TKT-04',
    ]);
    expect(idsIn(`${id('POL', '01')}..05`)).toEqual(['POL-01', 'POL-02', 'POL-03', 'POL-04', 'POL-05']);
  });
});

describe('the report', () => {
  const tests = [{ file: 'a.spec.ts', title: 'numbers', rules: [id('ORG', '05'), id('XXX', '01')] }];
  const report = reportOf(rulesOf(TABLE, 'x.md'), tests);

  it('says which rules are proved, which should be, and which ids nobody knows', () => {
    expect(report.rules.map(({ state }) => state)).toEqual(['proved', 'no test', 'no test']);
    expect(report).toMatchObject({ proved: 1, unproved: [id('TKT', '27')], unknown: [id('XXX', '01')] });
  });

  it('is drawn as a table', () => {
    const text = drawReport(report);
    expect(text).toContain(
      `${id('ORG', '05')}  proved   built    numbers without gaps\n          · a.spec.ts: numbers`,
    );
    expect(text).toContain('1 of 3 rules proved');
    expect(text).toContain(`built without a test: ${id('TKT', '27')}`);
  });
});
