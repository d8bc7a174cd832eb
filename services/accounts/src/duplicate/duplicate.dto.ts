import { z } from 'zod';
import { registerCustomerBody } from '../customer/customer.dto.js';
import { DUPLICATE_REASONS } from '../customer/identity.rules.js';

const { branchId, kind, name, phones, vehicles } = registerCustomerBody.shape;

export const findDuplicatesBody = z.strictObject({ branchId, kind, name, phones, vehicles }).meta({
  id: 'FindDuplicates',
  examples: [
    {
      branchId: '0197a2c4-5d00-7000-8000-000000000002',
      kind: 'person',
      name: '李建国',
      phones: ['13900001234'],
    },
  ],
});
export type FindDuplicatesBody = z.output<typeof findDuplicatesBody>;

export const duplicatesDto = z
  .object({
    candidates: z.array(
      z.object({
        customerId: z.uuid().nullable().describe('null for a customer of other branches only'),
        token: z.uuid().nullable().describe('Links a customer of other branches to this one, within an hour'),
        reasons: z.array(z.enum(DUPLICATE_REASONS)),
        number: z.string().nullable(),
        maskedName: z.string(),
      }),
    ),
  })
  .meta({ id: 'PossibleDuplicates' });
export type DuplicatesDto = z.output<typeof duplicatesDto>;

export const linkCustomerBody = z
  .strictObject({
    token: z.uuid(),
    siteId: z.uuid().nullable().default(null),
    reason: z.string().trim().min(1).max(1000),
  })
  .meta({
    id: 'LinkCustomer',
    examples: [{ token: '0197a2c4-5d00-7000-8000-0000000000aa', reason: '客户出示身份证，确认为同一人' }],
  });
export type LinkCustomerBody = z.output<typeof linkCustomerBody>;
