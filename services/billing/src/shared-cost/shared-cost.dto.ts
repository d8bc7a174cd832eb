import { day, listQuery, pageSchema, text } from '@steward/platform';
import { z } from 'zod';
import { SHARING_RULES } from './shared-cost.rules.js';

const money = z.object({ amount: z.string(), currency: z.string() });

export const enterSharedCostBody = z
  .strictObject({
    siteId: z.uuid(),
    buildingId: z.uuid().nullable().default(null).describe('null: shared by the whole site'),
    feeItemId: z.uuid(),
    from: day(),
    to: day(),
    amount: z.strictObject({
      amount: z.string().regex(/^\d{1,12}(?:\.\d{1,4})?$/, 'is not an amount such as 1250.00'),
      currency: z.string().regex(/^[A-Z]{3}$/),
    }),
    rule: z.enum(SHARING_RULES).describe('By area, or equally'),
    document: text(100).describe('Number of the bill that is shared'),
  })
  .refine(({ from, to }) => to >= from, { path: ['to'], message: 'is before the first day' })
  .meta({
    id: 'EnterSharedCost',
    examples: [
      {
        siteId: '0197a2c4-5d00-7000-8000-000000000003',
        feeItemId: '0197a2c4-5d00-7000-8000-000000000019',
        from: '2026-03-01',
        to: '2026-03-31',
        amount: { amount: '1250.00', currency: 'CNY' },
        rule: 'area',
        document: '电费 2026-03',
      },
    ],
  });
export type EnterSharedCostBody = z.output<typeof enterSharedCostBody>;

export const sharedCostDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    siteId: z.uuid(),
    buildingId: z.uuid().nullable(),
    feeItemId: z.uuid(),
    from: z.iso.date(),
    to: z.iso.date(),
    amount: money,
    rule: z.enum(SHARING_RULES),
    document: z.string(),
    shares: z.int().describe('Units that share it'),
    enteredBy: z.string(),
    enteredAt: z.iso.datetime(),
    version: z.int(),
  })
  .meta({ id: 'SharedCost' });
export type SharedCostDto = z.output<typeof sharedCostDto>;

export const sharedCostsQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    siteId: z.uuid().optional(),
    feeItemId: z.uuid().optional(),
  },
  sorts: ['from'],
  defaultSort: '-from',
});
export type SharedCostsQuery = z.output<typeof sharedCostsQuery>;
export const sharedCostPage = pageSchema(sharedCostDto).meta({ id: 'SharedCostPage' });

export const shareDto = z
  .object({
    id: z.uuid(),
    propertyUnitId: z.uuid(),
    code: z.string().describe('Code of the unit'),
    weight: z.string(),
    amount: money,
  })
  .meta({ id: 'SharedCostShare' });
export type ShareDto = z.output<typeof shareDto>;
export const sharesQuery = listQuery({ filters: {}, sorts: ['code'], defaultSort: 'code' });
export type SharesQuery = z.output<typeof sharesQuery>;
export const sharePage = pageSchema(shareDto).meta({ id: 'SharedCostSharePage' });
