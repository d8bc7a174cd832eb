import { entries, flag, listQuery, pageSchema, text } from '@steward/platform';
import { z } from 'zod';

const storeys = () => z.int().min(0).max(300);
const year = () => z.int().min(1000).max(3000);
const EXAMPLE = {
  siteId: '0197a2c4-5d00-7000-8000-000000000003',
  code: '180',
  name: '滨江花园 180 栋',
  storeys: 18,
};

/** PRM-01: how a building is called in unit codes. */
export const BUILDING_CODE = /^[\p{L}\p{N}]{1,20}(?:[-/][\p{L}\p{N}]{1,20}){0,2}$/u;

export const registerBuildingBody = z
  .strictObject({
    siteId: z.uuid(),
    code: z.string().trim().max(62).regex(BUILDING_CODE, 'is not a building code such as 180 or 12-B'),
    name: text(200),
    storeys: storeys().nullable().default(null),
    builtIn: year().nullable().default(null),
    details: entries(z.string().regex(/^[a-z][a-zA-Z0-9]{0,40}$/), text(500), 60)
      .default({})
      .describe('What else the register says: elevators, heating, parking …'),
  })
  .meta({ id: 'RegisterBuilding', examples: [EXAMPLE] });
export type RegisterBuildingBody = z.output<typeof registerBuildingBody>;

export const changeBuildingBody = z
  .strictObject({
    name: text(200).optional(),
    storeys: storeys().nullable().optional(),
    builtIn: year().nullable().optional(),
    details: registerBuildingBody.shape.details.unwrap().optional(),
    active: z.boolean().optional(),
    reason: text(1000).optional(),
  })
  .refine((body) => Object.keys(body).some((field) => field !== 'reason'), 'changes nothing')
  .meta({ id: 'ChangeBuilding', examples: [{ name: '滨江花园 180 号楼' }] });
export type ChangeBuildingBody = z.output<typeof changeBuildingBody>;

export const buildingDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    siteId: z.uuid(),
    code: z.string(),
    name: z.string(),
    storeys: z.int().nullable(),
    builtIn: z.int().nullable(),
    details: z.record(z.string(), z.string()),
    active: z.boolean(),
    version: z.int(),
  })
  .meta({ id: 'Building' });
export type BuildingDto = z.output<typeof buildingDto>;

export const buildingsQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    siteId: z.uuid().optional(),
    code: z.string().max(62).optional(),
    active: flag().optional(),
  },
  sorts: ['code'],
  defaultSort: 'code',
});
export type BuildingsQuery = z.output<typeof buildingsQuery>;
export const buildingPage = pageSchema(buildingDto).meta({ id: 'BuildingPage' });
