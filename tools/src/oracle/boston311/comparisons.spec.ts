import { describe, expect, it } from '@jest/globals';
import { Tally, type Finding } from '../report.js';
import { compareDeadlines, compareMissing } from './compare-deadlines.js';
import { compareCounts, compareRecords, compareWithTickets, compareWithVerdicts } from './compare-figures.js';
import { compareVerdicts } from './compare-verdicts.js';
import { compareCells, countRows, countTickets, countVerdicts, totalOf } from './figure-cells.js';
import { latestInstant } from './latest-instant.js';
import { localInstant } from './local-instant.js';
import type { Matched } from './match-rows.js';
import { allowanceKey, loadProfile } from './profile.js';
import type { ReadTicket } from './read-tickets.js';
import type { SourceRow } from './source-rows.js';

const { profile } = await loadProfile();
const ZONE = profile.calendar.calendar.timeZone;
const instant = (text: string) => localInstant(text, ZONE);
const iso = (text: string) => instant(text)?.toISOString() ?? null;

/** A row and its ticket: by default a rat seen on a Friday in July, dealt with a week later. */
function aRow(row: Partial<SourceRow> = {}, ticket: Partial<ReadTicket> & { due?: string } = {}): Matched {
  const full: SourceRow = {
    ...{ file: 'f.csv', rowNumber: 2, id: '1', neighbourhood: 'Back Bay', type: 'Rodent Activity' },
    ...{ category: 'rodent-activity', channel: 'hotline', verdict: 'ONTIME' },
    ...{ opened: '2011-07-01 10:00:00', target: '2011-07-31 10:00:00', closed: '2011-07-08 10:00:00' },
    ...row,
  };
  const { due = full.target, ...rest } = ticket;
  const read: ReadTicket = {
    ...{ branch: 'BB', externalId: full.id, category: full.category, channel: full.channel },
    ...{ receivedAt: iso(full.opened)!, completedAt: iso(full.closed), cancelledAt: null },
    ...{ dueAt: iso(due), missing: null, onTime: full.closed === '' ? null : full.closed <= due },
    ...rest,
  };
  const [openedAt, targetAt, closedAt] = [full.opened, full.target, full.closed].map(instant);
  return { row: full, ticket: read, openedAt: openedAt!, targetAt: targetAt!, closedAt: closedAt! };
}

const withoutDeadline = { due: '', onTime: null } as const;
const causes = ({ classes }: Finding) => classes.map(({ cause, count }) => [count, cause]);

describe('deadlines against the source', () => {
  it('are equal within 6 seconds, either way', () => {
    const rows = ['2011-07-31 10:00:06', '2011-07-31 09:59:54', '2011-07-31 10:00:00'];
    const finding = compareDeadlines(
      rows.map((target) => aRow({ target }, { due: '2011-07-31 10:00:00' })),
      profile,
    );
    expect(finding).toMatchObject({ compared: 3, equal: 3, least: 0.99, classes: [] });
  });

  it('leave out rows without target and tickets without deadline', () => {
    const rows = [aRow({ target: '' }, { due: '2011-07-31 10:00:00' }), aRow({}, withoutDeadline)];
    expect(compareDeadlines([...rows, aRow({ target: 'soon' })], profile)).toMatchObject({ compared: 0 });
  });

  it.each([
    ['2011-07-31 09:59:50', 'the source is early by less than a minute'],
    ['2011-07-31 10:01:30', 'the source is late by one to two minutes'],
    ['2011-09-29 10:00:00', 'the source gave 90 calendar days where the profile says 30 calendar days'],
    ['2011-07-31 11:00:00', 'the source is 1 h late'],
    ['2011-07-31 13:17:11', 'unexplained'],
    ['2011-06-30 10:00:00', 'unexplained'],
  ])('guess why a target of %s differs: %s', (target, cause) => {
    const finding = compareDeadlines([aRow({ target }, { due: '2011-07-31 10:00:00' })], profile);
    expect(causes(finding)).toEqual([[1, cause]]);
    expect(finding.classes[0]!.examples[0]).toContain(
      `1 Rodent Activity: opened 2011-07-01 10:00:00, target ${target}`,
    );
  });

  it('find another number of working days behind a target', () => {
    const graffiti = {
      type: 'Graffiti Removal',
      category: 'graffiti-removal',
      opened: '2011-07-05 11:39:58',
    };
    const row = aRow({ ...graffiti, target: '2011-07-11 11:39:58' }, { due: '2011-09-06 11:39:58' });
    expect(causes(compareDeadlines([row], profile))).toEqual([
      [1, 'the source gave 4 working days where the profile says 45 working days'],
    ]);
  });

  it('tell of a deadline that the profile cannot have made', () => {
    const row = aRow({ type: 'Foo', category: 'foo' }, { due: '2011-08-08 10:00:00' });
    expect(causes(compareDeadlines([row], profile))).toEqual([
      [1, 'the deadline comes from a parameter that is not in the profile'],
    ]);
  });
});

describe('deadlines that cannot be computed', () => {
  const missing = (category: string | null, named: string | null) =>
    aRow({ type: category ?? '', category }, { ...withoutDeadline, missing: named });

  it('name the parameter of their category, or of the kind where there is none', () => {
    const rows = [missing('foo', allowanceKey('foo')), missing(null, 'tickets.sla.hazard.resolve'), aRow()];
    const finding = compareMissing(rows, 'hazard', profile);
    expect(finding).toMatchObject({ compared: 2, equal: 2 });
    expect(causes(finding)).toEqual([
      [1, 'tickets.sla.category.foo.resolve is not set'],
      [1, 'tickets.sla.hazard.resolve is not set'],
    ]);
  });

  it('are wrong when they name another one, or one that is set', () => {
    const rows = [missing('foo', null), missing('rodent-activity', allowanceKey('rodent-activity'))];
    const finding = compareMissing(rows, 'hazard', profile);
    expect(finding).toMatchObject({ compared: 2, equal: 0 });
    expect(causes(finding)).toEqual([
      [1, 'null is named instead of tickets.sla.category.foo.resolve'],
      [1, 'tickets.sla.category.rodent-activity.resolve is set but was not known'],
    ]);
  });
});

describe('verdicts against the source', () => {
  it('are compared on closed rows that both sides judge', () => {
    const rows = [
      aRow(),
      aRow({ closed: '2011-08-08 10:00:00', verdict: 'overdue' }),
      aRow({ closed: '', verdict: 'OVERDUE' }),
      aRow({ verdict: '' }),
      aRow({}, withoutDeadline),
    ];
    expect(compareVerdicts(rows, profile)).toMatchObject({ compared: 2, equal: 2 });
  });

  it.each([
    ['closed within 6 s of the target', { closed: '2011-07-31 10:00:03' }, { onTime: false }],
    ['the source contradicts its own target', { verdict: 'OVERDUE' }, {}],
    ['the source has no target', { target: '' }, { due: '2011-07-05 10:00:00' }],
    ['unexplained', {}, { onTime: false }],
    ['the deadlines differ: ours is not what the profile says', {}, { due: '2011-07-05 10:00:00' }],
  ])('differ for a reason: %s', (cause, row, ticket) => {
    expect(causes(compareVerdicts([aRow(row, ticket)], profile))).toEqual([[1, cause]]);
  });
});

describe('headquarters figures', () => {
  const asOf = new Date('2011-12-01T00:00:00Z');
  const rows = [
    aRow(),
    aRow({
      id: '2',
      opened: '2011-07-31 23:59:59',
      closed: '2011-09-09 10:00:00',
      target: '2011-08-30 23:59:59',
      verdict: 'OVERDUE',
    }),
    aRow({ id: '3', closed: '', verdict: 'OVERDUE', channel: 'web' }),
    aRow({ id: '4', category: null, type: '' }, { ...withoutDeadline, missing: 'x' }),
  ];
  const tickets = rows.map(({ ticket }) => ticket);

  it('are counted from the rows by the month that the file writes', () => {
    expect(countRows(rows)).toEqual([
      {
        branch: 'BB',
        category: 'rodent-activity',
        channel: 'hotline',
        month: '2011-07',
        figures: { received: 2, closed: 2 },
      },
      {
        branch: 'BB',
        category: 'rodent-activity',
        channel: 'web',
        month: '2011-07',
        figures: { received: 1, open: 1 },
      },
      {
        branch: 'BB',
        category: null,
        channel: 'hotline',
        month: '2011-07',
        figures: { received: 1, closed: 1 },
      },
    ]);
  });

  it('are counted from the tickets by the local month of the branch, as of a time', () => {
    expect(totalOf(countTickets(tickets, asOf, ZONE))).toEqual({
      ...{ received: 4, closed: 3, open: 1, onTime: 1, closedLate: 1, openOverdue: 1, overdue: 2 },
      withoutDeadline: 1,
    });
    const before = new Date('2011-07-20T00:00:00Z');
    expect(totalOf(countTickets([tickets[2]!], before, ZONE))).toMatchObject({ open: 1, overdue: 0 });
    expect(new Set(countTickets(tickets, asOf, ZONE).map(({ month }) => month))).toEqual(
      new Set(['2011-07']),
    );
  });

  it('are equal when every cell is', () => {
    const found = countTickets(tickets, asOf, ZONE);
    for (const finding of [
      compareCounts(found, rows),
      compareWithTickets(found, tickets, asOf, profile),
      compareWithVerdicts(found, rows, asOf, profile),
    ])
      expect(finding).toMatchObject({ equal: finding.compared, classes: [] });
    expect(countVerdicts(rows)).toHaveLength(2);
  });

  it('differ where a cell is missing, too many or wrong', () => {
    const found = countTickets(tickets.slice(1), asOf, ZONE);
    const finding = compareCounts([...found, { ...found[0]!, month: '2011-08' }], rows);
    expect(finding.compared - finding.equal).toBe(4);
    expect(finding.classes[0]!.examples).toContain(
      'BB · rodent-activity · hotline · 2011-07: received 1 at headquarters, 2 expected',
    );
    const none = compareCells(
      new Tally('x', { least: 1 }),
      { expected: [], found: [], measures: ['open'] },
      () => '',
    );
    expect(none).toMatchObject({ compared: 0 });
  });

  it('differ from the verdicts of the source for the reasons that single rows differ', () => {
    const late = [
      aRow({}, { due: '2011-07-05 10:00:00' }),
      aRow({ closed: '', verdict: 'ONTIME', channel: 'web' }),
    ];
    const found = countTickets(
      late.map(({ ticket }) => ticket),
      asOf,
      ZONE,
    );
    const finding = compareWithVerdicts(found, late, asOf, profile);
    expect(causes(finding).map(([, cause]) => cause)).toEqual([
      expect.stringMatching(/^deadlines differ: /),
      'the source judged open rows at another time',
    ]);
  });

  it('open down to exactly the tickets behind them', () => {
    const ids = new Map([['BB', 'id-of-bb']]);
    const records = tickets.map(({ externalId }) => ({ branchId: 'id-of-bb', externalId }));
    expect(compareRecords(records, tickets, ids)).toMatchObject({ compared: 4, equal: 4 });
    const wrong = [...records.slice(1), records[1]!, { branchId: 'other', externalId: '9' }];
    expect(causes(compareRecords(wrong, tickets, ids))).toEqual([
      [1, 'a record comes twice'],
      [1, 'a ticket without record'],
      [1, 'a record without ticket'],
    ]);
  });
});

describe('the time that figures are judged at', () => {
  it('is a day after the last thing in the rows, and never to come', () => {
    const now = new Date('2026-01-01T00:00:00Z');
    expect(latestInstant([aRow()], now).toISOString()).toBe('2011-08-01T14:00:00.000Z');
    const late = aRow({}, { due: '2013-07-31 10:00:00' });
    expect(latestInstant([late], now).toISOString()).toBe('2013-08-01T14:00:00.000Z');
    expect(latestInstant([aRow({ target: '2030-01-01 00:00:00' })], now)).toEqual(now);
    expect(latestInstant([], now)).toEqual(now);
  });
});
