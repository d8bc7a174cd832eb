import type { BusinessCalendar } from '@steward/kernel';
import { day, entries, instant, listQuery, pageSchema, reason } from '@steward/platform';
import { z } from 'zod';

const timeOfDay = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'is not a time of day such as 08:30');
const spans = z.array(z.strictObject({ from: timeOfDay, to: timeOfDay })).max(24);
const weekday = z.literal([1, 2, 3, 4, 5, 6, 7]);
/** Holidays or make-up days of one version: many years of them. */
const MAX_DAYS = 2000;
const thingName = z.string().trim().min(1).max(200);

const businessCalendar: z.ZodType<BusinessCalendar> = z
  .strictObject({
    timeZone: z.string().max(64),
    week: z.strictObject({ 1: spans, 2: spans, 3: spans, 4: spans, 5: spans, 6: spans, 7: spans }),
    holidays: entries(day(), thingName, MAX_DAYS),
    makeUpDays: entries(
      day(),
      z.strictObject({ name: thingName, spans: spans.optional(), like: weekday.optional() }),
      MAX_DAYS,
    ),
  })
  .meta({ id: 'BusinessCalendar' });

const OFFICE = [
  { from: '08:30', to: '12:00' },
  { from: '13:30', to: '17:30' },
];
const EXAMPLE = {
  timeZone: 'Asia/Shanghai',
  week: { 1: OFFICE, 2: OFFICE, 3: OFFICE, 4: OFFICE, 5: OFFICE, 6: [], 7: [] },
  holidays: { '2026-10-01': '国庆节' },
  makeUpDays: { '2026-10-10': { name: '国庆节调休' } },
};

export const defineCalendarBody = z
  .strictObject({
    branchId: z.uuid().nullish().describe('The branch that keeps it; left out: a calendar of the group.'),
    name: thingName,
    calendar: businessCalendar,
    effectiveFrom: instant(),
    reason: reason().nullish(),
  })
  .meta({
    id: 'DefineCalendar',
    examples: [{ name: '全国统一日历', calendar: EXAMPLE, effectiveFrom: '2026-01-01T00:00:00+08:00' }],
  });
export type DefineCalendarBody = z.output<typeof defineCalendarBody>;

export const calendarVersionBody = z
  .strictObject({
    name: thingName.optional(),
    calendar: businessCalendar,
    effectiveFrom: instant(),
    reason: reason().nullish(),
  })
  .meta({
    id: 'DefineCalendarVersion',
    examples: [{ calendar: EXAMPLE, effectiveFrom: '2027-01-01T00:00:00+08:00' }],
  });
export type CalendarVersionBody = z.output<typeof calendarVersionBody>;

export const calendarDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid().nullable(),
    name: z.string(),
    version: z.int(),
    calendar: businessCalendar,
    effectiveFrom: instant(),
    reason: z.string().nullable(),
    definedBy: z.string(),
    definedAt: z.iso.datetime(),
  })
  .meta({ id: 'Calendar' });
export type CalendarDto = z.output<typeof calendarDto>;

export const calendarsQuery = listQuery({
  filters: { branchId: z.uuid().optional() },
  sorts: ['name'],
  defaultSort: 'name',
});
export type CalendarsQuery = z.output<typeof calendarsQuery>;
export const calendarPage = pageSchema(calendarDto).meta({ id: 'CalendarPage' });

export const versionsQuery = listQuery({ filters: {}, sorts: ['version'], defaultSort: '-version' });
export type VersionsQuery = z.output<typeof versionsQuery>;
