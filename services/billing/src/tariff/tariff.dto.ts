import { day, listQuery, pageSchema, text } from '@steward/platform';
import { z } from 'zod';
import { TARIFF_PERIODS } from './tariff.rules.js';

const price = () =>
  z
    .string()
    .regex(/^\d{1,10}(?:\.\d{1,8})?$/, 'is not a price such as 2.80')
    .meta({ examples: ['2.80'] });
const quantity = () => z.string().regex(/^\d{1,12}(?:\.\d{1,6})?$/, 'is not a quantity such as 15');
const area = () => z.string().regex(/^\d{1,8}(?:\.\d{1,4})?$/, 'is not an area in m² such as 90');
const localTime = () =>
  z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'is not a time of day such as 08:00');

const limits = {
  currency: z.string().regex(/^[A-Z]{3}$/),
  per: z.enum(TARIFF_PERIODS).describe('What prices, allowances, minimum and cap are counted by'),
  minimum: price().optional().describe('At least so much per period'),
  cap: price().optional().describe('At most so much per period'),
  multiplier: price().optional().describe('Multiplies everything, minimum and cap included'),
};

const span = z.strictObject({
  band: text(50),
  from: localTime(),
  to: localTime(),
  weekdays: z.array(z.int().min(1).max(7)).min(1).max(7).optional().describe('1 = Monday; all when left out'),
});

/** BIL-02: how an item is priced. */
export const termsSchema = z
  .discriminatedUnion('method', [
    z.strictObject({ method: z.literal('fixed'), price: price(), ...limits }),
    z.strictObject({ method: z.literal('per-area'), price: price(), ...limits }),
    z.strictObject({ method: z.literal('per-meter-unit'), price: price(), ...limits }),
    z.strictObject({
      method: z.literal('tiered'),
      tiers: z
        .array(z.strictObject({ upTo: quantity().nullable(), price: price() }))
        .min(1)
        .max(20),
      ...limits,
    }),
    z.strictObject({
      method: z.literal('time-of-use'),
      bands: z
        .array(z.strictObject({ band: text(50), price: price() }))
        .min(1)
        .max(20),
      spans: z.array(span).max(50).describe('Bands of the local day; what no span covers is `other`'),
      ...limits,
    }),
  ])
  .meta({ id: 'TariffTerms' });

export const draftTariffBody = z
  .strictObject({
    feeItemId: z.uuid(),
    siteId: z.uuid().nullable().default(null).describe('null: all sites of the branch'),
    use: text(100).nullable().default(null).describe('null: all uses'),
    areaFrom: area().nullable().default(null).describe('Units of at least so many m²'),
    areaBelow: area().nullable().default(null).describe('Units of less than so many m²'),
    validFrom: day(),
    validTo: day().nullable().default(null).describe('Last day; null: until another price begins'),
    document: text(100).describe('The number of the price authority’s document'),
    terms: termsSchema,
  })
  .refine(({ validFrom, validTo }) => validTo === null || validTo >= validFrom, {
    path: ['validTo'],
    message: 'is before the first day',
  })
  .meta({
    id: 'DraftTariff',
    examples: [
      {
        feeItemId: '0197a2c4-5d00-7000-8000-000000000019',
        use: 'residential',
        validFrom: '2026-01-01',
        document: '沪价费〔2025〕12号',
        terms: { method: 'per-area', price: '2.80', currency: 'CNY', per: 'month' },
      },
    ],
  });
export type DraftTariffBody = z.output<typeof draftTariffBody>;

export const TARIFF_STATES = ['draft', 'published', 'withdrawn'] as const;

export const tariffDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    feeItemId: z.uuid(),
    feeItemCode: z.string(),
    siteId: z.uuid().nullable(),
    use: z.string().nullable(),
    areaFrom: z.string().nullable(),
    areaBelow: z.string().nullable(),
    validFrom: z.iso.date(),
    validTo: z.iso.date().nullable(),
    document: z.string(),
    terms: termsSchema,
    state: z.enum(TARIFF_STATES),
    publishedAt: z.iso.datetime().nullable(),
    version: z.int(),
    actions: z.array(z.enum(['publish', 'withdraw'])),
  })
  .meta({ id: 'Tariff' });
export type TariffDto = z.output<typeof tariffDto>;

export const tariffsQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    feeItemId: z.uuid().optional(),
    siteId: z.uuid().optional(),
    state: z.enum(TARIFF_STATES).optional(),
    on: day().optional().describe('In force on this day'),
  },
  sorts: ['validFrom'],
  defaultSort: '-validFrom',
});
export type TariffsQuery = z.output<typeof tariffsQuery>;
export const tariffPage = pageSchema(tariffDto).meta({ id: 'TariffPage' });
