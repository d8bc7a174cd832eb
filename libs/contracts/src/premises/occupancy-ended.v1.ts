import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { day, id } from '../fields.js';

export const OccupancyEnded = defineEvent({
  context: 'premises',
  name: 'occupancy-ended',
  version: 1,
  aggregate: 'property-unit',
  scope: 'branch',
  title: 'Occupancy ended',
  description: 'The last day of an occupancy is known, or was corrected.',
  schema: z.object({
    occupancyId: id(),
    propertyUnitId: id(),
    customerId: id(),
    role: z.enum(['developer', 'owner', 'tenant']),
    from: day(),
    to: day(),
  }),
  sample: {
    occupancyId: '0197a2c4-5d00-7000-8000-000000000010',
    propertyUnitId: '0197a2c4-5d00-7000-8000-00000000000e',
    customerId: '0197a2c4-5d00-7000-8000-00000000000a',
    role: 'owner',
    from: '2026-03-01',
    to: '2026-08-31',
  },
});
export type OccupancyEnded = DataOf<typeof OccupancyEnded>;
