import { day, listQuery, month, pageSchema, text } from '@steward/platform';
import { z } from 'zod';
import { READING_KINDS, READING_SOURCES } from './reading.rules.js';

export const READING_STATES = ['accepted', 'held', 'voided'] as const;
export const SUSPICIONS = ['backward', 'jump-up', 'jump-down'] as const;

/** A value of a register. */
export const registerValue = () =>
  z
    .string()
    .regex(/^\d{1,15}(?:\.\d{1,6})?$/, 'is not a number such as 18.4')
    .meta({ examples: ['18.4'] });

export const recordReadingBody = z
  .strictObject({
    meterId: z.uuid(),
    day: day().describe('Local day; the reading counts as taken when the day begins'),
    value: registerValue().optional().describe('Left out with `estimated`: expected from the use before'),
    source: z.enum(READING_SOURCES),
    kind: z.enum(READING_KINDS).default('periodic'),
    estimated: z.boolean().default(false),
    note: text(1000).optional(),
  })
  .refine(({ value, estimated }) => estimated || value !== undefined, {
    path: ['value'],
    message: 'is needed unless the reading is estimated',
  })
  .meta({
    id: 'RecordReading',
    examples: [
      {
        meterId: '0197a2c4-5d00-7000-8000-00000000000f',
        day: '2026-03-31',
        value: '18.4',
        source: 'manual',
      },
    ],
  });
export type RecordReadingBody = z.output<typeof recordReadingBody>;

export const judgeReadingBody = z
  .strictObject({ reason: text(1000) })
  .meta({ id: 'JudgeReading', examples: [{ reason: '现场复核，读数无误' }] });
export type JudgeReadingBody = z.output<typeof judgeReadingBody>;

export const readingDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    siteId: z.uuid(),
    meterId: z.uuid(),
    day: z.iso.date(),
    value: z.string(),
    source: z.enum(READING_SOURCES),
    kind: z.enum(READING_KINDS),
    estimated: z.boolean(),
    suspect: z.array(z.enum(SUSPICIONS)).describe('Checks that it did not pass (BIL-06)'),
    rolledOver: z.boolean(),
    state: z.enum(READING_STATES).describe('A held reading is not billed until somebody confirms it'),
    note: z.string().nullable(),
    recordedBy: z.string(),
    recordedAt: z.iso.datetime(),
    version: z.int(),
    actions: z.array(z.enum(['confirm', 'void'])),
  })
  .meta({ id: 'Reading' });
export type ReadingDto = z.output<typeof readingDto>;

export const readingsQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    meterId: z.uuid().optional(),
    state: z.enum(READING_STATES).optional(),
    from: day().optional(),
    to: day().optional(),
  },
  sorts: ['day'],
  defaultSort: '-day',
});
export type ReadingsQuery = z.output<typeof readingsQuery>;
export const readingPage = pageSchema(readingDto).meta({ id: 'ReadingPage' });

/** A meter for a visit on the site: without an actual reading for two periods or more (BIL-06). */
export const missingReadingDto = z
  .object({
    id: z.uuid().describe('The meter'),
    branchId: z.uuid(),
    siteId: z.uuid(),
    propertyUnitId: z.uuid().nullable(),
    serial: z.string(),
    medium: z.string(),
    lastActualOn: z.iso.date().nullable(),
    missed: z.int().describe('Periods in a row without an actual reading'),
  })
  .meta({ id: 'MissingReading' });
export type MissingReadingDto = z.output<typeof missingReadingDto>;

export const missingReadingsQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    period: month().describe('The last period that should have been read'),
  },
  sorts: ['serial'],
  defaultSort: 'serial',
});
export type MissingReadingsQuery = z.output<typeof missingReadingsQuery>;
export const missingReadingPage = pageSchema(missingReadingDto).meta({ id: 'MissingReadingPage' });
