import { day, flag, listQuery, pageSchema, text } from '@steward/platform';
import { z } from 'zod';

const decimal = (example: string) =>
  z
    .string()
    .regex(/^\d{1,15}(?:\.\d{1,6})?$/, 'is not a number such as 12.5')
    .meta({ examples: [example] });

export const MEDIA = ['water', 'hot-water', 'electricity', 'gas', 'heat', 'cooling'] as const;
export const MEASURES = ['m3', 'kWh', 'MWh', 'GJ', 'hcf'] as const;

export const installMeterBody = z
  .strictObject({
    siteId: z.uuid(),
    buildingId: z.uuid().nullable().default(null),
    propertyUnitId: z
      .uuid()
      .nullable()
      .default(null)
      .describe('null for a meter of the site or building in common'),
    serial: text(60),
    medium: z.enum(MEDIA),
    measure: z.enum(MEASURES),
    multiplier: decimal('1').default('1').describe('What a unit of the register stands for'),
    digits: z
      .int()
      .min(1)
      .max(12)
      .nullable()
      .default(null)
      .describe('Digits before the point; it rolls over after them'),
    installedOn: day(),
    openingReading: decimal('0').default('0'),
    replacesMeterId: z.uuid().nullable().default(null).describe('A removed meter that this one goes on for'),
  })
  .meta({
    id: 'InstallMeter',
    examples: [
      {
        siteId: '0197a2c4-5d00-7000-8000-000000000003',
        propertyUnitId: '0197a2c4-5d00-7000-8000-00000000000e',
        serial: 'W-100234',
        medium: 'water',
        measure: 'm3',
        digits: 5,
        installedOn: '2026-03-01',
        openingReading: '12.5',
      },
    ],
  });
export type InstallMeterBody = z.output<typeof installMeterBody>;

export const removeMeterBody = z
  .strictObject({ removedOn: day(), closingReading: decimal('348.2'), reason: text(1000) })
  .meta({
    id: 'RemoveMeter',
    examples: [{ removedOn: '2026-08-31', closingReading: '348.2', reason: '到期更换' }],
  });
export type RemoveMeterBody = z.output<typeof removeMeterBody>;

export const meterDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    siteId: z.uuid(),
    buildingId: z.uuid().nullable(),
    propertyUnitId: z.uuid().nullable(),
    serial: z.string(),
    medium: z.enum(MEDIA),
    measure: z.enum(MEASURES),
    multiplier: z.string(),
    digits: z.int().nullable(),
    installedOn: day(),
    openingReading: z.string(),
    removedOn: day().nullable(),
    closingReading: z.string().nullable(),
    replacesMeterId: z.uuid().nullable(),
    version: z.int(),
  })
  .meta({ id: 'Meter' });
export type MeterDto = z.output<typeof meterDto>;

export const metersQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    siteId: z.uuid().optional(),
    buildingId: z.uuid().optional(),
    propertyUnitId: z.uuid().optional(),
    serial: z.string().max(60).optional().describe('Capital letters need not be typed.'),
    medium: z.enum(MEDIA).optional(),
    removed: flag().optional(),
  },
  sorts: ['serial'],
  defaultSort: 'serial',
});
export type MetersQuery = z.output<typeof metersQuery>;
export const meterPage = pageSchema(meterDto).meta({ id: 'MeterPage' });
