import { day, listQuery, pageSchema, text } from '@steward/platform';
import { z } from 'zod';
import { LINE_KINDS } from '../repair/quote.rules.js';
import { MEASURE, PRICE_CODE } from './price-item.rules.js';

/** An amount that is not negative, as decimal text with its currency. */
export const price = () =>
  z.strictObject({
    amount: z.string().regex(/^\d{1,12}(?:\.\d{1,4})?$/, 'is not an amount such as 120.50'),
    currency: z.string().regex(/^[A-Z]{3}$/, 'is not an ISO 4217 currency such as CNY'),
  });

const EXAMPLE = {
  branchId: '0197a2c4-5d00-7000-8000-000000000002',
  code: 'tap-replace',
  name: '更换水龙头',
  kind: 'labour' as const,
  measure: 'piece',
  unitPrice: { amount: '80.00', currency: 'CNY' },
  validFrom: '2026-01-01',
};

export const definePriceItemBody = z
  .strictObject({
    branchId: z.uuid(),
    code: z.string().max(100).regex(PRICE_CODE, 'lower-case letters, digits and hyphens'),
    name: text(200),
    kind: z.enum(LINE_KINDS),
    measure: z.string().max(50).regex(MEASURE, 'a word such as piece, hour, square-metre'),
    unitPrice: price(),
    validFrom: day().describe('From this day on; the price of the code before it ends the day before.'),
    validTo: day().nullable().default(null).describe('Last day, if it is known.'),
  })
  .meta({ id: 'DefinePriceItem', examples: [EXAMPLE] });
export type DefinePriceItemBody = z.output<typeof definePriceItemBody>;

export const changePriceItemBody = z
  .strictObject({ name: text(200).optional(), validTo: day().nullable().optional() })
  .refine((body) => Object.keys(body).length > 0, 'changes nothing')
  .meta({ id: 'ChangePriceItem', examples: [{ validTo: '2026-12-31' }] });
export type ChangePriceItemBody = z.output<typeof changePriceItemBody>;

const ITEM_EXAMPLE = { ...EXAMPLE, id: '0197a2c4-5d00-7000-8000-00000000001e', validTo: null, version: 1 };

export const priceItemDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    code: z.string(),
    name: z.string(),
    kind: z.enum(LINE_KINDS),
    measure: z.string(),
    unitPrice: z.object({ amount: z.string(), currency: z.string() }),
    validFrom: z.iso.date(),
    validTo: z.iso.date().nullable(),
    version: z.int(),
  })
  .meta({ id: 'PriceItem', examples: [ITEM_EXAMPLE] });
export type PriceItemDto = z.output<typeof priceItemDto>;

export const priceItemsQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    code: z.string().max(100).optional(),
    kind: z.enum(LINE_KINDS).optional(),
    on: day().optional().describe('Only what is valid on this day.'),
  },
  sorts: ['code'],
  defaultSort: 'code',
});
export type PriceItemsQuery = z.output<typeof priceItemsQuery>;
export const priceItemPage = pageSchema(priceItemDto).meta({
  id: 'PriceItemPage',
  examples: [{ items: [ITEM_EXAMPLE], next: null }],
});
