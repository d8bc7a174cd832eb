import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, id, thingName } from '../fields.js';

export const BuildingRegistered = defineEvent({
  context: 'premises',
  name: 'building-registered',
  version: 1,
  aggregate: 'building',
  scope: 'branch',
  title: 'Building registered',
  description: 'A building of a site joined the register (PRM-01).',
  schema: z.object({
    buildingId: id(),
    siteId: id(),
    code: code(),
    name: thingName(),
    storeys: z.int().min(0).max(300).nullable(),
    builtIn: z.int().min(1000).max(3000).nullable(),
    active: z.boolean(),
  }),
  sample: {
    buildingId: '0197a2c4-5d00-7000-8000-00000000000d',
    siteId: '0197a2c4-5d00-7000-8000-000000000003',
    code: '180',
    name: 'Riverside 180',
    storeys: 18,
    builtIn: 2009,
    active: true,
  },
});
export type BuildingRegistered = DataOf<typeof BuildingRegistered>;
