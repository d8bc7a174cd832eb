import { describe, expect, it } from '@jest/globals';
import type { ImportedFile, Rejection } from './import-files.js';
import { localInstant } from './local-instant.js';
import { RowMatcher } from './match-rows.js';
import { ticketKey, type ReadTicket } from './read-tickets.js';
import type { SourceRow } from './source-rows.js';

const ZONE = 'America/New_York';

const aRow = (rowNumber: number, row: Partial<SourceRow> = {}): SourceRow => ({
  ...{ file: 'f.csv', rowNumber, id: `id${rowNumber}`, neighbourhood: 'B', type: 'T', category: 't' },
  ...{ channel: 'web', opened: '2011-07-01 10:00:00', target: '', closed: '2011-07-02', verdict: '' },
  ...row,
});

const aTicket = (externalId: string, ticket: Partial<ReadTicket> = {}): ReadTicket => ({
  ...{ branch: 'B', externalId, category: 't', channel: 'web', cancelledAt: null },
  ...{ receivedAt: '2011-07-01T14:00:00.000Z', completedAt: '2011-07-02T04:00:00.000Z' },
  ...{ dueAt: null, missing: null, onTime: null },
  ...ticket,
});

const anImport = (rejections: Rejection[] = [], failure: string | null = null): ImportedFile => ({
  ...{ name: 'f.csv', jobId: 'j', failure, read: 0, created: 0, unchanged: 0 },
  ...{ rejected: rejections.length, rejections },
});

function match(
  rows: SourceRow[],
  tickets: ReadTicket[],
  { file = anImport(), unreadable = [] as number[] } = {},
) {
  const known = new Map(tickets.map((ticket) => [ticketKey(ticket.branch, ticket.externalId), ticket]));
  const around = { tickets: known, timeZone: ZONE, branchOf: (row: SourceRow) => row.neighbourhood };
  const matcher = new RowMatcher(around);
  matcher.addFile({ rows, unreadable }, file);
  const { matched, findings } = matcher.end();
  const [accepted, accounted] = findings;
  return { matched, accepted: accepted!, accounted: accounted! };
}

describe('rows and their tickets', () => {
  it('belong together by branch and id', () => {
    const { matched, accepted, accounted } = match([aRow(2), aRow(3)], [aTicket('id2'), aTicket('id3')]);
    expect(matched.map(({ row, ticket }) => [row.id, ticket.externalId])).toEqual([
      ['id2', 'id2'],
      ['id3', 'id3'],
    ]);
    expect(accepted).toMatchObject({ compared: 2, equal: 2, classes: [] });
    expect(accounted).toMatchObject({ compared: 2, equal: 2, classes: [] });
  });

  it('tell of every rejected row why, also of lines that were passed over together', () => {
    const rejections = [
      { rowNumber: 2, field: 'receivedAt', code: 'import.invalid-date', detail: 'no date' },
      { rowNumber: 2, field: 'channel', code: 'import.unknown-value', detail: 'second problem' },
      { rowNumber: 4, field: null, code: 'import.skipped-lines', detail: 'Lines 4 to 6 follow a quote' },
    ];
    const given = { file: anImport(rejections), unreadable: [4, 5, 6] };
    const { accepted, accounted } = match([aRow(2), aRow(3)], [aTicket('id3')], given);
    expect(accepted).toMatchObject({
      compared: 5,
      equal: 1,
      classes: [
        { cause: 'import.skipped-lines', count: 3 },
        { cause: 'import.invalid-date (receivedAt)', count: 1, examples: ['f.csv row 2: no date'] },
      ],
    });
    expect(accounted).toMatchObject({ compared: 5, equal: 5 });
  });

  it('count a row that comes again once', () => {
    const again = aRow(3, { id: 'id2' });
    const { matched, accepted } = match([aRow(2), again], [aTicket('id2')]);
    expect(matched).toHaveLength(1);
    expect(accepted).toMatchObject({ compared: 2, equal: 2 });
  });

  it('show a row that is neither in nor rejected, and a ticket that no row explains', () => {
    const { accounted } = match([aRow(2)], [aTicket('id9')]);
    expect(accounted).toMatchObject({ compared: 2, equal: 0 });
    expect(accounted.classes.map(({ cause }) => cause).sort()).toEqual([
      'a ticket that no row explains',
      'neither in nor rejected',
    ]);
  });

  it('give the reason of the whole file for rows of a file that failed', () => {
    const { accepted, accounted } = match([aRow(2)], [], { file: anImport([], 'import.bad-header: no') });
    expect(accepted.classes).toMatchObject([{ cause: 'import.bad-header: no', count: 1 }]);
    expect(accounted).toMatchObject({ compared: 1, equal: 1 });
  });

  it.each([
    ['time of receipt', { receivedAt: '2011-07-01T15:00:00.000Z' }],
    ['time of completion', { completedAt: null }],
    ['category', { category: null }],
    ['channel', { channel: 'app' }],
  ])('show a ticket with another %s than its row', (field, ticket) => {
    const { accounted } = match([aRow(2)], [aTicket('id2', ticket)]);
    expect(accounted.classes).toEqual([
      { cause: `the ticket has another ${field}`, count: 1, examples: ['B id2'] },
    ]);
  });
});

describe('local times of the source', () => {
  it('are instants of the zone, the first of both when the clock is put back', () => {
    expect(localInstant('2011-07-01 10:00:00', ZONE)?.toISOString()).toBe('2011-07-01T14:00:00.000Z');
    expect(localInstant('2011-11-06 01:30:00', ZONE)?.toISOString()).toBe('2011-11-06T05:30:00.000Z');
    expect(localInstant('2011-12-01', ZONE)?.toISOString()).toBe('2011-12-01T05:00:00.000Z');
  });

  it('are none when they are blank or do not exist', () => {
    for (const text of ['', 'soon', '2011-02-30 10:00:00', '2011-02-30'])
      expect(localInstant(text, ZONE)).toBeNull();
  });
});
