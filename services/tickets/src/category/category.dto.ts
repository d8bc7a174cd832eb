import { TICKET_KINDS } from '@steward/contracts';
import { flag, listQuery, pageSchema } from '@steward/platform';
import { z } from 'zod';
import { CATEGORY_CODE } from './category.rules.js';

export const defineCategoryBody = z
  .strictObject({
    branchId: z.uuid(),
    code: z.string().max(100).regex(CATEGORY_CODE, 'lower-case letters, digits and hyphens'),
    name: z.string().trim().min(1).max(200),
    kind: z.enum(TICKET_KINDS),
  })
  .meta({
    id: 'DefineCategory',
    examples: [
      { branchId: '0197a2c4-5d00-7000-8000-000000000002', code: 'water-leak', name: '漏水', kind: 'repair' },
    ],
  });
export type DefineCategoryBody = z.output<typeof defineCategoryBody>;

export const changeCategoryBody = z
  .strictObject({
    name: z.string().trim().min(1).max(200).optional(),
    kind: z.enum(TICKET_KINDS).optional(),
    active: z.boolean().optional(),
  })
  .meta({ id: 'ChangeCategory', examples: [{ active: false }] });
export type ChangeCategoryBody = z.output<typeof changeCategoryBody>;

const EXAMPLE = {
  id: '0197a2c4-5d00-7000-8000-000000000007',
  branchId: '0197a2c4-5d00-7000-8000-000000000002',
  code: 'water-leak',
  name: '漏水',
  kind: 'repair',
  active: true,
  version: 1,
};

export const categoryDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    code: z.string(),
    name: z.string(),
    kind: z.enum(TICKET_KINDS),
    active: z.boolean(),
    version: z.int(),
  })
  .meta({ id: 'Category', examples: [EXAMPLE] });
export type CategoryDto = z.output<typeof categoryDto>;

export const categoriesQuery = listQuery({
  filters: { branchId: z.uuid().optional(), active: flag().optional() },
  sorts: ['code'],
  defaultSort: 'code',
});
export type CategoriesQuery = z.output<typeof categoriesQuery>;
export const categoryPage = pageSchema(categoryDto).meta({
  id: 'CategoryPage',
  examples: [{ items: [EXAMPLE], next: null }],
});
