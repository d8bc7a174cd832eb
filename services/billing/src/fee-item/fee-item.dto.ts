import { flag, listQuery, pageSchema, text } from '@steward/platform';
import { z } from 'zod';
import { FEE_ITEM_CODE, FEE_ITEM_KINDS, PAYERS } from './fee-item.rules.js';

const fields = {
  name: text(200),
  uses: z.array(text(100)).max(20).describe('Uses of units that it is charged for; empty: all'),
  payer: z.enum(PAYERS).describe('The owner (or developer), or the tenant before the owner (BIL-05)'),
  dueDays: z.int().min(0).max(365).describe('Days from the charge until it is due'),
};

export const defineFeeItemBody = z
  .strictObject({
    branchId: z.uuid(),
    code: z.string().max(100).regex(FEE_ITEM_CODE, 'lower-case letters, digits and hyphens'),
    name: fields.name,
    kind: z.enum(FEE_ITEM_KINDS),
    medium: text(100).nullable().default(null).describe('Medium of the meters, for measured items'),
    uses: fields.uses.default([]),
    payer: fields.payer.default('owner'),
    dueDays: fields.dueDays.default(15),
  })
  .refine(({ kind, medium }) => (kind === 'metered' || kind === 'interval') === (medium !== null), {
    path: ['medium'],
    message: 'is named by measured items, and by no others',
  })
  .meta({
    id: 'DefineFeeItem',
    examples: [
      {
        branchId: '0197a2c4-5d00-7000-8000-000000000002',
        code: 'management',
        name: '物业管理费',
        kind: 'recurring',
        uses: ['residential'],
        payer: 'owner',
        dueDays: 15,
      },
    ],
  });
export type DefineFeeItemBody = z.output<typeof defineFeeItemBody>;

export const changeFeeItemBody = z
  .strictObject({
    name: fields.name.optional(),
    uses: fields.uses.optional(),
    payer: fields.payer.optional(),
    dueDays: fields.dueDays.optional(),
    active: z.boolean().optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'changes nothing')
  .meta({ id: 'ChangeFeeItem', examples: [{ active: false }] });
export type ChangeFeeItemBody = z.output<typeof changeFeeItemBody>;

export const feeItemDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    code: z.string(),
    name: z.string(),
    kind: z.enum(FEE_ITEM_KINDS),
    medium: z.string().nullable(),
    uses: z.array(z.string()),
    payer: z.enum(PAYERS),
    dueDays: z.int(),
    active: z.boolean(),
    version: z.int(),
  })
  .meta({ id: 'FeeItem' });
export type FeeItemDto = z.output<typeof feeItemDto>;

export const feeItemsQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    kind: z.enum(FEE_ITEM_KINDS).optional(),
    active: flag().optional(),
  },
  sorts: ['code'],
  defaultSort: 'code',
});
export type FeeItemsQuery = z.output<typeof feeItemsQuery>;
export const feeItemPage = pageSchema(feeItemDto).meta({ id: 'FeeItemPage' });
