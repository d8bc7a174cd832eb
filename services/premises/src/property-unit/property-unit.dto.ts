import { flag, ids, listQuery, pageSchema, text } from '@steward/platform';
import { z } from 'zod';

const area = () =>
  z
    .string()
    .regex(/^\d{1,8}(?:\.\d{1,4})?$/, 'is not an area in m² such as 86.50')
    .meta({ description: 'm², exact', examples: ['86.50'] });

export const USES = ['residential', 'office', 'retail', 'parking', 'storage', 'common', 'other'] as const;
export const TITLES = ['unsold', 'sold', 'registered', 'mortgaged', 'disputed'] as const;

const optional = {
  area: area().nullable(),
  titleStatus: z.enum(TITLES).nullable(),
  equipment: z.array(text(100)).max(50),
};

export const registerPropertyUnitBody = z
  .strictObject({
    siteId: z.uuid(),
    code: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .describe('Building#entrance-floor-door, such as 180#1-1-1 (PRM-01)'),
    use: z.enum(USES),
    area: optional.area.default(null),
    titleStatus: optional.titleStatus.default(null),
    equipment: optional.equipment.default([]),
  })
  .meta({
    id: 'RegisterPropertyUnit',
    examples: [
      {
        siteId: '0197a2c4-5d00-7000-8000-000000000003',
        code: '180#1-1-1',
        use: 'residential',
        area: '86.50',
      },
    ],
  });
export type RegisterPropertyUnitBody = z.output<typeof registerPropertyUnitBody>;

export const changePropertyUnitBody = z
  .strictObject({
    use: z.enum(USES).optional(),
    area: optional.area.optional(),
    titleStatus: optional.titleStatus.optional(),
    equipment: optional.equipment.optional(),
    active: z.boolean().optional(),
    reason: text(1000).optional(),
  })
  .refine((body) => Object.keys(body).some((field) => field !== 'reason'), 'changes nothing')
  .meta({ id: 'ChangePropertyUnit', examples: [{ area: '87.00', reason: '实测面积' }] });
export type ChangePropertyUnitBody = z.output<typeof changePropertyUnitBody>;

export const propertyUnitDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    siteId: z.uuid(),
    buildingId: z.uuid(),
    code: z.string(),
    entrance: z.string(),
    floor: z.int(),
    door: z.string(),
    use: z.enum(USES),
    area: z.string().nullable(),
    titleStatus: z.enum(TITLES).nullable(),
    equipment: z.array(z.string()),
    active: z.boolean(),
    version: z.int(),
  })
  .meta({ id: 'PropertyUnit' });
export type PropertyUnitDto = z.output<typeof propertyUnitDto>;

export const propertyUnitsQuery = listQuery({
  filters: {
    ids: ids(50).optional().describe('These units, as far as you may see them'),
    branchId: z.uuid().optional(),
    siteId: z.uuid().optional(),
    buildingId: z.uuid().optional(),
    code: z.string().max(100).optional().describe('A code, or the beginning of one'),
    use: z.enum(USES).optional(),
    active: flag().optional(),
  },
  sorts: ['code'],
  defaultSort: 'code',
});
export type PropertyUnitsQuery = z.output<typeof propertyUnitsQuery>;
export const propertyUnitPage = pageSchema(propertyUnitDto).meta({ id: 'PropertyUnitPage' });
