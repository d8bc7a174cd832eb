import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, day, id, moneyField, slug, thingName } from '../fields.js';

export const PriceItemDefined = defineEvent({
  context: 'tickets',
  name: 'price-item-defined',
  version: 1,
  aggregate: 'price-item',
  scope: 'branch',
  title: 'Price item defined',
  description:
    'A price of the branch’s public list of labour and materials, with the days that it holds on (TKT-43). Carries the whole new state.',
  schema: z.object({
    priceItemId: id(),
    code: code(),
    name: thingName(),
    kind: z.enum(['labour', 'material', 'other']),
    measure: slug(),
    unitPrice: moneyField(),
    validFrom: day(),
    validTo: day().nullable(),
  }),
  sample: {
    priceItemId: '0197a2c4-5d00-7000-8000-00000000001e',
    code: 'tap-replace',
    name: '更换水龙头',
    kind: 'labour',
    measure: 'piece',
    unitPrice: { amount: '80.00', currency: 'CNY' },
    validFrom: '2026-01-01',
    validTo: null,
  },
});
export type PriceItemDefined = DataOf<typeof PriceItemDefined>;
