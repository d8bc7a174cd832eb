import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, id, quantity, slug } from '../fields.js';

export const PropertyUnitRegistered = defineEvent({
  context: 'premises',
  name: 'property-unit-registered',
  version: 1,
  aggregate: 'property-unit',
  scope: 'branch',
  title: 'Property unit registered',
  description:
    'A flat, office, shop or parking space joined the register under its code, such as 180#1-1-1: building, entrance, floor, door (PRM-01).',
  schema: z.object({
    propertyUnitId: id(),
    buildingId: id(),
    siteId: id(),
    code: code(),
    use: slug(),
    area: quantity().nullable(),
    active: z.boolean(),
  }),
  sample: {
    propertyUnitId: '0197a2c4-5d00-7000-8000-00000000000e',
    buildingId: '0197a2c4-5d00-7000-8000-00000000000d',
    siteId: '0197a2c4-5d00-7000-8000-000000000003',
    code: '180#1-1-1',
    use: 'residential',
    area: '86.50',
    active: true,
  },
});
export type PropertyUnitRegistered = DataOf<typeof PropertyUnitRegistered>;
