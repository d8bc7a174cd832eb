import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, id, thingName } from '../fields.js';
import { ticketKind } from './ticket-kind.js';

export const CategoryDefined = defineEvent({
  context: 'tickets',
  name: 'category-defined',
  version: 1,
  aggregate: 'category',
  scope: 'branch',
  title: 'Category defined',
  description: 'A branch added or changed a category of tickets. Carries the whole new state.',
  schema: z.object({
    categoryId: id(),
    code: code(),
    name: thingName(),
    kind: ticketKind(),
    active: z.boolean(),
  }),
  sample: {
    categoryId: '0197a2c4-5d00-7000-8000-000000000007',
    code: 'neighbour-noise',
    name: 'Noise of neighbours',
    kind: 'complaint',
    active: true,
  },
});
export type CategoryDefined = DataOf<typeof CategoryDefined>;
