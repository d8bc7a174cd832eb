import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { day, id, instant, moneyField } from '../fields.js';

export const CashHandedOver = defineEvent({
  context: 'billing',
  name: 'cash-handed-over',
  version: 1,
  aggregate: 'cash-handover',
  scope: 'branch',
  title: 'Cash handed over',
  description: 'A cashier handed over the day’s cash with a signed count (BIL-09).',
  schema: z.object({
    cashHandoverId: id(),
    cashierId: id(),
    businessDay: day(),
    expected: moneyField(),
    counted: moneyField(),
    handedOverAt: instant(),
  }),
  sample: {
    cashHandoverId: '0197a2c4-5d00-7000-8000-00000000001c',
    cashierId: '0197a2c4-5d00-7000-8000-000000000005',
    businessDay: '2026-03-05',
    expected: { amount: '860.00', currency: 'CNY' },
    counted: { amount: '860.00', currency: 'CNY' },
    handedOverAt: '2026-03-05T10:00:00.000Z',
  },
});
export type CashHandedOver = DataOf<typeof CashHandedOver>;
