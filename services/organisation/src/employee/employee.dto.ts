import { flag, listQuery, pageSchema, reason } from '@steward/platform';
import { z } from 'zod';

const name = () => z.string().trim().min(1).max(200);
const phone = () =>
  z
    .string()
    .trim()
    .max(40)
    .regex(/^\+?[0-9][0-9 ()/-]{2,}$/, 'is not a phone number');

export const registerEmployeeBody = z
  .strictObject({
    subject: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[\x21-\x7e]+$/, 'is the `sub` of the token issuer: ASCII without spaces')
      .describe("The token issuer's identifier of the account; a machine client's id for a partner."),
    name: name(),
    phone: phone().nullish(),
    homeUnitId: z.uuid(),
  })
  .meta({
    id: 'RegisterEmployee',
    examples: [
      {
        subject: 'eb1.clerk',
        name: '陈晓云',
        phone: '13900000004',
        homeUnitId: '0197a2c4-5d00-7000-8000-000000000002',
      },
    ],
  });
export type RegisterEmployeeBody = z.output<typeof registerEmployeeBody>;

export const changeEmployeeBody = z
  .strictObject({
    name: name().optional(),
    phone: phone().nullable().optional(),
    reason: reason().optional(),
  })
  .refine((body) => body.name !== undefined || body.phone !== undefined, 'changes nothing')
  .meta({ id: 'ChangeEmployee', examples: [{ phone: '13900000005' }] });
export type ChangeEmployeeBody = z.output<typeof changeEmployeeBody>;

export const reasonBody = z
  .strictObject({ reason: reason() })
  .meta({ id: 'Reason', examples: [{ reason: '离职满两年' }] });
export type ReasonBody = z.output<typeof reasonBody>;

export const legalHoldBody = z
  .strictObject({ held: z.boolean(), reason: reason() })
  .meta({ id: 'LegalHold', examples: [{ held: true, reason: '劳动仲裁 2026-118' }] });
export type LegalHoldBody = z.output<typeof legalHoldBody>;

export const employeeDto = z
  .object({
    id: z.uuid(),
    subject: z.string(),
    name: z.string().nullable().describe('null after erasure (ORG-04)'),
    phone: z.string().nullable().describe('Masked (ORG-03); `/personal-data` gives it to those who need it.'),
    homeUnitId: z.uuid(),
    branchId: z.uuid().nullable(),
    legalHold: z.boolean(),
    erasedAt: z.iso.datetime().nullable(),
    registeredAt: z.iso.datetime(),
    version: z.int(),
  })
  .meta({ id: 'Employee' });
export type EmployeeDto = z.output<typeof employeeDto>;

export const personalDataDto = z
  .object({ employeeId: z.uuid(), name: z.string(), phone: z.string().nullable() })
  .meta({ id: 'EmployeePersonalData' });
export type PersonalDataDto = z.output<typeof personalDataDto>;

export const employeesQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    homeUnitId: z.uuid().optional(),
    subject: z.string().max(200).optional(),
    erased: flag().optional(),
  },
  sorts: ['subject', 'registeredAt'],
  defaultSort: 'subject',
});
export type EmployeesQuery = z.output<typeof employeesQuery>;
export const employeePage = pageSchema(employeeDto).meta({ id: 'EmployeePage' });
