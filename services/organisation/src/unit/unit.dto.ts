import { UNIT_KINDS } from '@steward/kernel';
import { flag, listQuery, pageSchema, reason } from '@steward/platform';
import { z } from 'zod';

const name = () => z.string().trim().min(1).max(200);
const code = () =>
  z
    .string()
    .max(100)
    .regex(
      /^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u,
      'letters, digits, hyphens and underscores; printed in numbers of forms',
    );
const timeZone = () => z.string().max(64).refine(isZone, 'is not an IANA time zone');
const locale = () =>
  z
    .string()
    .max(35)
    .regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/, 'is not a BCP 47 tag');

export const registerUnitBody = z
  .strictObject({
    kind: z.enum(['region', 'branch', 'site']),
    parentId: z.uuid(),
    code: code(),
    name: name(),
    timeZone: timeZone().nullish().describe('A branch takes it from above when left out.'),
    locale: locale().nullish(),
    calendarId: z.uuid().nullish().describe('Without one the calendar of the unit above holds.'),
  })
  .meta({
    id: 'RegisterUnit',
    examples: [
      {
        kind: 'site',
        parentId: '0197a2c4-5d00-7000-8000-000000000002',
        code: 'EB1-S1',
        name: '滨江花园',
      },
    ],
  });
export type RegisterUnitBody = z.output<typeof registerUnitBody>;

export const changeUnitBody = z
  .strictObject({
    name: name().optional(),
    timeZone: timeZone().optional(),
    locale: locale().optional(),
    calendarId: z.uuid().nullable().optional(),
    active: z.boolean().optional().describe('false closes the unit, true opens it again.'),
    reason: reason().optional(),
  })
  .refine(
    ({ reason: _, ...fields }) => Object.values(fields).some((value) => value !== undefined),
    'changes nothing',
  )
  .meta({ id: 'ChangeUnit', examples: [{ active: false, reason: '项目移交' }] });
export type ChangeUnitBody = z.output<typeof changeUnitBody>;

export const unitDto = z
  .object({
    id: z.uuid(),
    kind: z.enum(UNIT_KINDS),
    parentId: z.uuid().nullable(),
    branchId: z.uuid().nullable().describe("A branch's own id, a site's branch, null above."),
    code: z.string(),
    name: z.string(),
    timeZone: z.string().nullable(),
    locale: z.string().nullable(),
    calendarId: z.uuid().nullable(),
    active: z.boolean(),
    version: z.int(),
  })
  .meta({ id: 'Unit' });
export type UnitDto = z.output<typeof unitDto>;

export const unitsQuery = listQuery({
  filters: {
    kind: z.enum(UNIT_KINDS).optional(),
    parentId: z.uuid().optional(),
    branchId: z.uuid().optional().describe('The branch and its sites.'),
    code: z.string().max(100).optional(),
    active: flag().optional(),
  },
  sorts: ['code', 'name'],
  defaultSort: 'code',
});
export type UnitsQuery = z.output<typeof unitsQuery>;
export const unitPage = pageSchema(unitDto).meta({ id: 'UnitPage' });

function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return /^[A-Za-z0-9+_/-]+$/.test(text);
  } catch {
    return false;
  }
}
