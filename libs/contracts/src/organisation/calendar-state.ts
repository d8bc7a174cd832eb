import type { BusinessCalendar } from '@steward/kernel';
import { z } from 'zod';
import { day, thingName } from '../fields.js';

const timeOfDay = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/);
const spans = z.array(z.object({ from: timeOfDay, to: timeOfDay }));
const weekday = z.union([
  z.literal(1),
  z.literal(2),
  z.literal(3),
  z.literal(4),
  z.literal(5),
  z.literal(6),
  z.literal(7),
]);

/** A business calendar as JSON: working spans per weekday (1 = Monday), holidays, make-up working days (TKT-28). */
export const calendarState: z.ZodType<BusinessCalendar> = z.object({
  timeZone: z
    .string()
    .max(64)
    .regex(/^[A-Za-z0-9+_/-]+$/),
  week: z.object({ 1: spans, 2: spans, 3: spans, 4: spans, 5: spans, 6: spans, 7: spans }),
  holidays: z.record(day(), thingName()),
  makeUpDays: z.record(
    day(),
    z.object({ name: thingName(), spans: spans.optional(), like: weekday.optional() }),
  ),
});
