import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { counter, id, instant, thingName } from '../fields.js';
import { calendarState } from './calendar-state.js';

const officeDay = [
  { from: '08:30', to: '12:00' },
  { from: '13:30', to: '17:30' },
];

export const CalendarDefined = defineEvent({
  context: 'organisation',
  name: 'calendar-defined',
  version: 1,
  aggregate: 'calendar',
  scope: 'group',
  title: 'Calendar defined',
  description:
    'A version of a business calendar. Versions are never changed: a case keeps the version that it was judged by (POL-03, TKT-28).',
  schema: z.object({
    calendarId: id(),
    version: counter(),
    name: thingName(),
    calendar: calendarState,
    effectiveFrom: instant(),
  }),
  sample: {
    calendarId: '0197a2c4-5d00-7000-8000-000000000004',
    version: 2,
    name: 'Five-day week with public holidays 2026',
    calendar: {
      timeZone: 'Asia/Shanghai',
      week: { 1: officeDay, 2: officeDay, 3: officeDay, 4: officeDay, 5: officeDay, 6: [], 7: [] },
      holidays: { '2026-02-17': 'Spring Festival' },
      makeUpDays: { '2026-02-14': { name: 'Make-up day for Spring Festival', like: 1 } },
    },
    effectiveFrom: '2026-01-01T00:00:00.000Z',
  },
});
export type CalendarDefined = DataOf<typeof CalendarDefined>;
