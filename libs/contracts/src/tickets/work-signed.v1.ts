import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, counter, id, instant, moneyField, quantity } from '../fields.js';

export const WorkSigned = defineEvent({
  context: 'tickets',
  name: 'work-signed',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Work signed for',
  description:
    'The customer tried the work and signed (TKT-44). `charge` is what billing has to charge; null when the work is free, in warranty or a rework.',
  schema: z.object({
    ticketId: id(),
    number: code(),
    siteId: id().nullable(),
    customerId: id().nullable(),
    propertyUnitId: id().nullable(),
    signedAt: instant(),
    charge: z
      .object({
        quoteId: id(),
        total: moneyField(),
        lines: z
          .array(
            z.object({
              line: counter(),
              kind: z.enum(['labour', 'material', 'other']),
              itemCode: code().nullable(),
              quantity: quantity(),
              unitPrice: moneyField(),
              amount: moneyField(),
            }),
          )
          .min(1)
          .max(200),
      })
      .nullable(),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    number: 'EB1-T-2026-000001',
    siteId: '0197a2c4-5d00-7000-8000-000000000003',
    customerId: '0197a2c4-5d00-7000-8000-00000000000a',
    propertyUnitId: '0197a2c4-5d00-7000-8000-00000000000e',
    signedAt: '2026-03-04T08:30:00.000Z',
    charge: {
      quoteId: '0197a2c4-5d00-7000-8000-000000000011',
      total: { amount: '120.50', currency: 'CNY' },
      lines: [
        {
          line: 1,
          kind: 'labour',
          itemCode: 'tap-replace',
          quantity: '1',
          unitPrice: { amount: '80.00', currency: 'CNY' },
          amount: { amount: '80.00', currency: 'CNY' },
        },
        {
          line: 2,
          kind: 'material',
          itemCode: 'tap-dn15',
          quantity: '1',
          unitPrice: { amount: '40.50', currency: 'CNY' },
          amount: { amount: '40.50', currency: 'CNY' },
        },
      ],
    },
  },
});
export type WorkSigned = DataOf<typeof WorkSigned>;
