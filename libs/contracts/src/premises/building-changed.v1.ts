import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, id, thingName } from '../fields.js';

export const BuildingChanged = defineEvent({
  context: 'premises',
  name: 'building-changed',
  version: 1,
  aggregate: 'building',
  scope: 'branch',
  title: 'Building changed',
  description: 'Carries the whole new state.',
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
    active: false,
  },
});
export type BuildingChanged = DataOf<typeof BuildingChanged>;
