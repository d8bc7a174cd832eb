import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, day, id, quantity, slug } from '../fields.js';

export const MeterInstalled = defineEvent({
  context: 'premises',
  name: 'meter-installed',
  version: 1,
  aggregate: 'meter',
  scope: 'branch',
  title: 'Meter installed',
  description:
    'A meter measures a unit, or a site or building in common. Consumption is the difference of readings times the multiplier; digits tell where the register rolls over (BIL-06).',
  schema: z.object({
    meterId: id(),
    siteId: id(),
    buildingId: id().nullable(),
    propertyUnitId: id().nullable(),
    serial: code(),
    medium: slug(),
    measure: slug(),
    multiplier: quantity(),
    digits: z.int().min(1).max(12).nullable(),
    installedOn: day(),
    openingReading: quantity(),
    replacesMeterId: id().nullable(),
  }),
  sample: {
    meterId: '0197a2c4-5d00-7000-8000-00000000000f',
    siteId: '0197a2c4-5d00-7000-8000-000000000003',
    buildingId: '0197a2c4-5d00-7000-8000-00000000000d',
    propertyUnitId: '0197a2c4-5d00-7000-8000-00000000000e',
    serial: 'W-100234',
    medium: 'water',
    measure: 'm3',
    multiplier: '1',
    digits: 5,
    installedOn: '2026-03-01',
    openingReading: '12.5',
    replacesMeterId: null,
  },
});
export type MeterInstalled = DataOf<typeof MeterInstalled>;
