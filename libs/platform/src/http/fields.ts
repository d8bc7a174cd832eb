// The kinds of value that requests bring, each with bounds that stand in OpenAPI. Output schemas may use them as well.
import { z } from 'zod';

/** A text for people, without blanks around it: 1 to `max` characters. */
export const text = (max: number) => z.string().trim().min(1).max(max);

/** A reason, for the trail. */
export const reason = () => text(1000);

const WITHIN = /^(?:19|20|21)\d\d-/;
const OUTSIDE = 'is not within the years 1900 to 2199';

/**
 * An instant with its offset, ISO 8601 (`2026-03-01T10:30:00+08:00`), of the years 1900 to 2199: calendars, partitions
 * and the database compute with it, so no day of another age gets in.
 */
export const instant = () =>
  z.iso.datetime({ offset: true }).max(40).regex(WITHIN, OUTSIDE).meta({ format: 'date-time' });

/** A calendar day `YYYY-MM-DD` of the years 1900 to 2199. */
export const day = () => z.iso.date().regex(WITHIN, OUTSIDE).meta({ format: 'date' });

/** A month `YYYY-MM` of the years 1900 to 2199. */
export const month = () =>
  z
    .string()
    .regex(/^(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])$/, 'is not a month such as 2026-03')
    .meta({ examples: ['2026-03'] });

/** `true` or `false` in a query. */
export const flag = () => z.enum(['true', 'false']).transform((word) => word === 'true');

const UUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const ID_LENGTH = 36;

/** Up to `max` ids in a query, with commas between them; gives them as a list, each once. */
export const ids = (max: number) =>
  z
    .string()
    .max(max * (ID_LENGTH + 1) - 1)
    .regex(new RegExp(`^${UUID}(?:,${UUID})*$`), `is not a list of up to ${max} ids with commas`)
    .transform((words) => [...new Set(words.toLowerCase().split(','))]);

/** An object of at most `max` entries with checked names and values. */
export const entries = <K extends z.ZodType<string, string>, V extends z.ZodType>(
  name: K,
  value: V,
  max: number,
) =>
  z
    .record(name, value)
    .refine((record) => Object.keys(record).length <= max, `holds more than ${max} entries`)
    .meta({ maxProperties: max });
