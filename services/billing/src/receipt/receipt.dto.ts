import { day, flag, instant, listQuery, pageSchema } from '@steward/platform';
import { z } from 'zod';
import { METHODS } from '../ledger/ledger.rules.js';
import { moneyOutput } from '../money.fields.js';

const EXAMPLE = {
  id: '0197a2c4-5d00-7000-8000-000000000017',
  branchId: '0197a2c4-5d00-7000-8000-000000000002',
  paymentId: '0197a2c4-5d00-7000-8000-000000000016',
  accountId: '0197a2c4-5d00-7000-8000-000000000014',
  number: 'EB1-R-2026-000001',
  amount: { amount: '60.00', currency: 'CNY' },
  method: 'wechat',
  receivedOn: '2026-03-05',
  issuedAt: '2026-03-05T03:00:00.000Z',
  issuedBy: 'wechat-pay',
  lines: [
    {
      feeItemCode: 'repair',
      from: '2026-03-04',
      to: '2026-03-04',
      charges: 1,
      amount: { amount: '60.00', currency: 'CNY' },
    },
  ],
  prepaid: { amount: '0.00', currency: 'CNY' },
  voidedAt: null,
};

export const receiptDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    paymentId: z.uuid(),
    accountId: z.uuid(),
    number: z.string(),
    amount: moneyOutput(),
    method: z.enum(METHODS),
    receivedOn: day(),
    issuedAt: instant(),
    issuedBy: z.string(),
    lines: z
      .array(
        z.object({
          feeItemCode: z.string(),
          from: day(),
          to: day(),
          charges: z.int(),
          amount: moneyOutput(),
        }),
      )
      .describe('What the money paid for when it was booked, by fee item'),
    prepaid: moneyOutput().describe('What was left for later charges'),
    voidedAt: instant().nullable().describe('When the payment was taken back; the number stays on record'),
  })
  .meta({ id: 'Receipt', examples: [EXAMPLE] });
export type ReceiptDto = z.output<typeof receiptDto>;

export const receiptsQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    accountId: z.uuid().optional(),
    number: z.string().max(100).optional().describe('Capital letters need not be typed.'),
    voided: flag().optional(),
  },
  sorts: ['issuedAt'],
  defaultSort: '-issuedAt',
});
export type ReceiptsQuery = z.output<typeof receiptsQuery>;
export const receiptPage = pageSchema(receiptDto).meta({
  id: 'ReceiptPage',
  examples: [{ items: [EXAMPLE], next: null }],
});
