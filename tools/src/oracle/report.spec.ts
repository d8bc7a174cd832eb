import { describe, expect, it } from '@jest/globals';
import { drawReport, isMet, reportOf, Tally } from './report.js';

const tallied = (equal: number, different: number, least = 0.99) => {
  const tally = new Tally('deadlines', { least, some: true });
  tally.agree(equal);
  for (let i = 0; i < different; i += 1) tally.differ(i % 3 ? 'early' : 'late', `row ${i}`);
  return tally.finding();
};

describe('the report of an oracle', () => {
  it('counts what is equal and groups what differs by cause, the largest class first', () => {
    expect(tallied(5, 4)).toMatchObject({
      compared: 9,
      equal: 5,
      classes: [
        { cause: 'late', count: 2, examples: ['row 0', 'row 3'] },
        { cause: 'early', count: 2, examples: ['row 1', 'row 2'] },
      ],
    });
  });

  it('keeps a handful of examples and all counts', () => {
    const [late] = tallied(0, 300).classes;
    expect(late).toMatchObject({ count: 200 });
    expect(late!.examples).toHaveLength(20);
  });

  it('shows a class of items that are as they should be', () => {
    const tally = new Tally('missing', { least: 1 });
    tally.agreeAs('x is not set', 'row 1');
    expect(tally.finding()).toMatchObject({ compared: 1, equal: 1, classes: [{ count: 1 }] });
  });

  it('says no below the share that is needed, and when nothing was compared', () => {
    expect(isMet(tallied(99, 1))).toBe(true);
    expect(isMet(tallied(98, 1))).toBe(false);
    expect(isMet(tallied(1, 99, 0))).toBe(true);
    expect(isMet(tallied(0, 0))).toBe(false);
    expect(isMet(new Tally('optional', { least: 1 }).finding())).toBe(true);
  });

  it('gives machines one object with nothing but what every oracle has', () => {
    expect(reportOf('boston311', [tallied(1, 0)])).toEqual({
      oracle: 'boston311',
      comparisons: [{ name: 'deadlines', compared: 1, equal: 1, classes: [] }],
    });
  });

  it('draws each comparison, never as whole when one is missing', () => {
    const text = drawReport([tallied(99_999, 1), tallied(0, 21, 1), tallied(1, 1, 0)]);
    expect(text).toContain('✓ deadlines: 99999 of 100000 equal (99.99 %), 99 % needed');
    expect(text).toContain('✗ deadlines: 0 of 21 equal (0 %), 100 % needed');
    expect(text).toContain('· deadlines: 1 of 2 equal (50 %)');
    expect(text).toContain('    14 × early\n        row 1\n');
  });
});
