import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, day, id, moneyField } from '../fields.js';

export const InvoiceIssued = defineEvent({
  context: 'billing',
  name: 'invoice-issued',
  version: 1,
  aggregate: 'invoice',
  scope: 'branch',
  title: 'Invoice issued',
  description: 'Charges were put on a numbered invoice that never changes (BIL-07).',
  schema: z.object({
    invoiceId: id(),
    number: code(),
    accountId: id(),
    customerId: id().nullable(),
    total: moneyField(),
    issuedOn: day(),
    dueOn: day(),
    chargeIds: z.array(id()).min(1).max(500),
  }),
  sample: {
    invoiceId: '0197a2c4-5d00-7000-8000-000000000015',
    number: 'EB1-I-2026-000001',
    accountId: '0197a2c4-5d00-7000-8000-000000000014',
    customerId: '0197a2c4-5d00-7000-8000-00000000000a',
    total: { amount: '120.50', currency: 'CNY' },
    issuedOn: '2026-03-04',
    dueOn: '2026-03-19',
    chargeIds: ['0197a2c4-5d00-7000-8000-000000000013'],
  },
});
export type InvoiceIssued = DataOf<typeof InvoiceIssued>;
