import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { day, id } from '../fields.js';

export const OccupancyBegan = defineEvent({
  context: 'premises',
  name: 'occupancy-began',
  version: 1,
  aggregate: 'property-unit',
  scope: 'branch',
  title: 'Occupancy began',
  description:
    'From a day on a customer owns or occupies the unit; `to` is null until it ends. Days are the branch’s local days, both included.',
  schema: z.object({
    occupancyId: id(),
    propertyUnitId: id(),
    customerId: id(),
    role: z.enum(['developer', 'owner', 'tenant']),
    from: day(),
    to: day().nullable(),
  }),
  sample: {
    occupancyId: '0197a2c4-5d00-7000-8000-000000000010',
    propertyUnitId: '0197a2c4-5d00-7000-8000-00000000000e',
    customerId: '0197a2c4-5d00-7000-8000-00000000000a',
    role: 'owner',
    from: '2026-03-01',
    to: null,
  },
});
export type OccupancyBegan = DataOf<typeof OccupancyBegan>;
