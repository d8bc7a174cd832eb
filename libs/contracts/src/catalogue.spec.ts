import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as contracts from './index.js';
import { ALL_EVENTS, ALL_PERSONAL, findEvent } from './catalogue.js';
import { headersExample } from './headers-schema.js';
import { readHeaders } from './headers.js';

const ALL = [...ALL_EVENTS, ...ALL_PERSONAL];
const folderOf = (context: string) => join(import.meta.dirname, context);
const contexts = readdirSync(import.meta.dirname).filter((name) =>
  existsSync(join(folderOf(name), 'events.ts')),
);
const idOf = (aggregate: string) =>
  `${aggregate.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())}Id`;
const eventFiles = contexts.flatMap((context) =>
  readdirSync(folderOf(context))
    .filter((file) => /\.v\d+\.ts$/.test(file))
    .map((file) => `${context}.${file.slice(0, -'.ts'.length)}`),
);
// the same event in every context, so it has no file of its own
const auditHeads = contexts.map((context) => `${context}.audit-head-sealed.v1`);

describe('PTR-04 the catalogue', () => {
  it('holds every event file and the audit heads of every context exactly once', () => {
    expect(contexts).toContain('tickets');
    expect(ALL.map(({ type }) => type).sort()).toEqual([...eventFiles, ...auditHeads].sort());
  });

  it('exports every definition', () => {
    const exported = new Set<unknown>(Object.values(contracts));
    expect(ALL.filter((definition) => !exported.has(definition)).map(({ type }) => type)).toEqual([]);
  });

  it.each(ALL.map((definition) => [definition.type, definition] as const))(
    '%s has a valid, plain sample',
    (_type, definition) => {
      const wire: unknown = JSON.parse(JSON.stringify(definition.sample));
      expect(wire).toEqual(definition.sample);
      expect(definition.parseStrict(wire)).toEqual(wire);
      expect(definition.parse(wire)).toEqual(wire);
    },
  );

  it.each(ALL.map((definition) => [definition.type, definition] as const))(
    '%s says what it means',
    (_type, definition) => {
      expect(definition.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(definition.title.length).toBeGreaterThan(5);
      expect(definition.description).toMatch(/\.$/);
    },
  );

  it.each(ALL_EVENTS.map((event) => [event.type, event] as const))(
    '%s carries the id of its aggregate and fits its scope',
    (_type, event) => {
      const byOwnKey = ['policy', 'audit-chain'];
      if (!byOwnKey.includes(event.aggregate))
        expect(Object.keys(event.sample as object)).toContain(idOf(event.aggregate));
      expect(readHeaders(headersExample(event)).branch === null).toBe(event.scope === 'group');
    },
  );

  it('finds a definition by the type in the header, and none for an unknown type', () => {
    expect(findEvent('tickets.ticket-paused.v1')).toBe(contracts.TicketPaused);
    expect(findEvent('tickets.ticket-vanished.v1')).toBeUndefined();
  });
});

describe('single events', () => {
  const { PolicySet, CalendarDefined, TicketRegistered, TicketsAuditHeadSealed } = contracts;

  it.each([3, '2.5', true, { amount: 2, unit: 'working-days' }, ['a']])(
    'POL-04 a policy value may be %j',
    (value) => {
      expect(PolicySet.parseStrict({ ...PolicySet.sample, value }).value).toEqual(value);
    },
  );

  it.each([null, undefined])('POL-04 a policy value may not be %p', (value) => {
    expect(() => PolicySet.parseStrict({ ...PolicySet.sample, value })).toThrow('event.invalid');
  });

  it('POL-02 a policy is set for a group, region or branch, not for a site', () => {
    expect(() => PolicySet.parse({ ...PolicySet.sample, unitKind: 'site' })).toThrow('unitKind');
  });

  it('POL-05 a ticket without deadline names the missing policy', () => {
    const data = {
      ...TicketRegistered.sample,
      dueAt: null,
      dueMissing: 'tickets.sla.category.noise.resolve',
    };
    expect(TicketRegistered.parseStrict(data)).toEqual(data);
  });

  it('refuses ids that are not lower-case UUIDs, since keys compare as text', () => {
    for (const ticketId of ['0197A2C4-5D00-7000-8000-00000000000A', '17', '']) {
      expect(() => TicketRegistered.parse({ ...TicketRegistered.sample, ticketId })).toThrow('ticketId');
    }
  });

  it('TKT-28 a calendar with an impossible time or day is refused by its path', () => {
    const { calendar } = CalendarDefined.sample;
    const week = { ...calendar.week, 1: [{ from: '8:30', to: '24:30' }] };
    expect(() =>
      CalendarDefined.parse({ ...CalendarDefined.sample, calendar: { ...calendar, week } }),
    ).toThrow('calendar.week.1.0.to');
    const holidays = { '2026-02-30': 'No such day' };
    expect(() =>
      CalendarDefined.parse({ ...CalendarDefined.sample, calendar: { ...calendar, holidays } }),
    ).toThrow('calendar.holidays');
  });

  it('ORG-02 the head of a chain belongs to a branch, or to the group', () => {
    expect(TicketsAuditHeadSealed.scope).toBe('any');
    expect(
      TicketsAuditHeadSealed.parseStrict({ ...TicketsAuditHeadSealed.sample, branchId: null }).branchId,
    ).toBeNull();
  });
});
