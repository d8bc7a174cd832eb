import { flag, ids, listQuery, pageSchema, reason, text } from '@steward/platform';
import { z } from 'zod';

const phone = () =>
  z
    .string()
    .trim()
    .max(40)
    .regex(/^\+?[0-9０-９][0-9０-９ ()/－-]{2,}$/, 'is not a phone number');
const vehicle = () => z.strictObject({ brand: text(60), plate: text(20) });

const EXAMPLE = '0197a2c4-5d00-7000-8000-00000000000a';
const BRANCH = '0197a2c4-5d00-7000-8000-000000000002';

const identity = {
  name: text(200),
  phones: z.array(phone()).max(10).default([]),
  vehicles: z.array(vehicle()).max(10).default([]),
};

export const registerCustomerBody = z
  .strictObject({
    branchId: z.uuid(),
    siteId: z
      .uuid()
      .nullable()
      .default(null)
      .describe('Only staff of this site (and the branch) see the customer.'),
    kind: z.enum(['person', 'company']),
    ...identity,
    idNumber: text(60).nullable().default(null).describe('Identity card or licence number'),
    address: text(500).nullable().default(null),
    acceptDuplicates: z
      .boolean()
      .default(false)
      .describe('The possible duplicates were looked at and are others (ACC-02).'),
  })
  .meta({
    id: 'RegisterCustomer',
    examples: [{ branchId: BRANCH, kind: 'person', name: '李建国', phones: ['13900001234'] }],
  });
export type RegisterCustomerBody = z.output<typeof registerCustomerBody>;

export const changeCustomerBody = z
  .strictObject({
    name: identity.name.optional(),
    phones: z.array(phone()).max(10).optional(),
    vehicles: z.array(vehicle()).max(10).optional(),
    idNumber: text(60).nullable().optional(),
    address: text(500).nullable().optional(),
    active: z.boolean().optional(),
    reason: reason().optional(),
  })
  .refine((body) => Object.keys(body).some((field) => field !== 'reason'), 'changes nothing')
  .meta({ id: 'ChangeCustomer', examples: [{ phones: ['13900005678'] }] });
export type ChangeCustomerBody = z.output<typeof changeCustomerBody>;

export const customerReasonBody = z
  .strictObject({ reason: reason() })
  .meta({ id: 'CustomerReason', examples: [{ reason: '客户已迁出满两年' }] });
export type CustomerReasonBody = z.output<typeof customerReasonBody>;

export const customerHoldBody = z
  .strictObject({ held: z.boolean(), reason: reason() })
  .meta({ id: 'CustomerLegalHold', examples: [{ held: true, reason: '诉讼 2026-118' }] });
export type CustomerHoldBody = z.output<typeof customerHoldBody>;

export const customerDto = z
  .object({
    id: z.uuid(),
    number: z.string(),
    kind: z.enum(['person', 'company']),
    name: z
      .string()
      .nullable()
      .describe('Masked for roles without need (ORG-03); null after erasure (ORG-04)'),
    phones: z.array(z.string()).describe('Masked; `/personal-data` gives them to those who need them.'),
    vehicles: z.array(z.object({ brand: z.string(), plate: z.string() })),
    active: z.boolean(),
    mergedInto: z.uuid().nullable().describe('The customer that this one was found to be (ACC-02)'),
    legalHold: z.boolean(),
    erasedAt: z.iso.datetime().nullable(),
    registeredAt: z.iso.datetime(),
    version: z.int(),
    actions: z.array(z.enum(['change', 'merge', 'hold', 'erase', 'read-personal-data'])),
  })
  .meta({
    id: 'Customer',
    examples: [
      {
        id: EXAMPLE,
        number: 'EB1-C-2026-000001',
        kind: 'person',
        name: '李建国',
        phones: ['***1234'],
        vehicles: [],
        active: true,
        mergedInto: null,
        legalHold: false,
        erasedAt: null,
        registeredAt: '2026-03-02T01:00:00.000Z',
        version: 1,
        actions: ['change', 'read-personal-data'],
      },
    ],
  });
export type CustomerDto = z.output<typeof customerDto>;

export const customerPersonDto = z
  .object({
    customerId: z.uuid(),
    name: z.string(),
    phones: z.array(z.string()),
    vehicles: z.array(z.object({ brand: z.string(), plate: z.string() })),
    idNumber: z.string().nullable(),
    address: z.string().nullable(),
  })
  .meta({ id: 'CustomerPersonalData' });
export type CustomerPersonDto = z.output<typeof customerPersonDto>;

export const customersQuery = listQuery({
  filters: {
    ids: ids(50).optional().describe('These customers, as far as you may see them'),
    branchId: z.uuid().optional(),
    number: z.string().max(100).optional(),
    kind: z.enum(['person', 'company']).optional(),
    active: flag().optional(),
    search: text(100)
      .optional()
      .describe('Beginning of a name (also in pinyin) or phone, end of a phone, or a number'),
  },
  sorts: ['registeredAt'],
  defaultSort: '-registeredAt',
});
export type CustomersQuery = z.output<typeof customersQuery>;
export const customerPage = pageSchema(customerDto).meta({ id: 'CustomerPage' });
