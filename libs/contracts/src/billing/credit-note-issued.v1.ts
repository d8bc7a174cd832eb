import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, day, id, moneyField } from '../fields.js';

export const CreditNoteIssued = defineEvent({
  context: 'billing',
  name: 'credit-note-issued',
  version: 1,
  aggregate: 'credit-note',
  scope: 'branch',
  title: 'Credit note issued',
  description: 'An invoiced charge was corrected downwards by a numbered credit note (BIL-07).',
  schema: z.object({
    creditNoteId: id(),
    number: code(),
    invoiceId: id(),
    accountId: id(),
    total: moneyField(),
    issuedOn: day(),
  }),
  sample: {
    creditNoteId: '0197a2c4-5d00-7000-8000-00000000001b',
    number: 'EB1-N-2026-000001',
    invoiceId: '0197a2c4-5d00-7000-8000-000000000015',
    accountId: '0197a2c4-5d00-7000-8000-000000000014',
    total: { amount: '20.00', currency: 'CNY' },
    issuedOn: '2026-03-08',
  },
});
export type CreditNoteIssued = DataOf<typeof CreditNoteIssued>;
