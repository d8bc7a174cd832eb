import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, day, id, moneyField } from '../fields.js';

export const ChargeRaised = defineEvent({
  context: 'billing',
  name: 'charge-raised',
  version: 1,
  aggregate: 'charge',
  scope: 'branch',
  title: 'Charge raised',
  description:
    'A customer owes an amount for a fee item: by a billing run for a service interval, or for a signed repair.',
  schema: z.object({
    chargeId: id(),
    accountId: id(),
    customerId: id().nullable(),
    propertyUnitId: id().nullable(),
    siteId: id().nullable(),
    ticketId: id().nullable(),
    feeItemCode: code(),
    amount: moneyField(),
    serviceFrom: day(),
    serviceTo: day(),
    dueOn: day(),
  }),
  sample: {
    chargeId: '0197a2c4-5d00-7000-8000-000000000013',
    accountId: '0197a2c4-5d00-7000-8000-000000000014',
    customerId: '0197a2c4-5d00-7000-8000-00000000000a',
    propertyUnitId: '0197a2c4-5d00-7000-8000-00000000000e',
    siteId: '0197a2c4-5d00-7000-8000-000000000003',
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    feeItemCode: 'repair',
    amount: { amount: '120.50', currency: 'CNY' },
    serviceFrom: '2026-03-04',
    serviceTo: '2026-03-04',
    dueOn: '2026-03-19',
  },
});
export type ChargeRaised = DataOf<typeof ChargeRaised>;
