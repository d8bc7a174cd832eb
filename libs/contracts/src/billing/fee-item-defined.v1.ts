import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, id, slug, thingName } from '../fields.js';

export const FeeItemDefined = defineEvent({
  context: 'billing',
  name: 'fee-item-defined',
  version: 1,
  aggregate: 'fee-item',
  scope: 'any',
  title: 'Fee item defined',
  description: 'What may be charged (BIL-01); of the group, or of a branch. Carries the whole new state.',
  schema: z.object({
    feeItemId: id(),
    code: code(),
    name: thingName(),
    kind: slug(),
    active: z.boolean(),
  }),
  sample: {
    feeItemId: '0197a2c4-5d00-7000-8000-000000000019',
    code: 'management',
    name: 'Management fee',
    kind: 'recurring',
    active: true,
  },
});
export type FeeItemDefined = DataOf<typeof FeeItemDefined>;
