import { day, listQuery, pageSchema, reason } from '@steward/platform';
import { z } from 'zod';
import { OCCUPANCY_ROLES } from './occupancy.rules.js';

export const beginOccupancyBody = z
  .strictObject({
    customerId: z.uuid(),
    role: z.enum(OCCUPANCY_ROLES),
    from: day().describe('First local day'),
    to: day().nullable().default(null).describe('Last local day; null until further notice'),
  })
  .meta({
    id: 'BeginOccupancy',
    examples: [{ customerId: '0197a2c4-5d00-7000-8000-00000000000a', role: 'owner', from: '2026-03-01' }],
  });
export type BeginOccupancyBody = z.output<typeof beginOccupancyBody>;

export const endOccupancyBody = z
  .strictObject({ to: day().describe('Last local day'), reason: reason() })
  .meta({ id: 'EndOccupancy', examples: [{ to: '2026-08-31', reason: '租期届满' }] });
export type EndOccupancyBody = z.output<typeof endOccupancyBody>;

export const occupancyDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    siteId: z.uuid(),
    propertyUnitId: z.uuid(),
    customerId: z.uuid().describe('The surviving record where customers were merged'),
    enteredAs: z.uuid().describe('The customer under which it was entered'),
    role: z.enum(OCCUPANCY_ROLES),
    from: day(),
    to: day().nullable(),
    version: z.int(),
  })
  .meta({ id: 'Occupancy' });
export type OccupancyDto = z.output<typeof occupancyDto>;

export const occupanciesQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    propertyUnitId: z.uuid().optional(),
    customerId: z.uuid().optional(),
    role: z.enum(OCCUPANCY_ROLES).optional(),
    on: day().optional().describe('Who owned and occupied it on that day'),
  },
  sorts: ['from'],
  defaultSort: '-from',
});
export type OccupanciesQuery = z.output<typeof occupanciesQuery>;
export const occupancyPage = pageSchema(occupancyDto).meta({ id: 'OccupancyPage' });
