import { day, flag, instant, listQuery, pageSchema, reason, text } from '@steward/platform';
import { z } from 'zod';
import { METHODS } from '../ledger/ledger.rules.js';
import { moneyOutput, positiveMoneyInput } from '../money.fields.js';
import { PAYMENT_ACTIONS, PAYMENT_STATES, REVERSAL_REASONS } from './payment.rules.js';

const id = () => z.uuid();
const MOST_NAMED = 100;

const named = () =>
  z
    .array(
      z.strictObject({
        chargeId: id(),
        amount: positiveMoneyInput().optional().describe('As much as is open, if left out'),
      }),
    )
    .max(MOST_NAMED)
    .default([])
    .describe('What the payer wants to have paid first; the rest pays the oldest debt (BIL-08)');

export const receivePaymentBody = z
  .strictObject({
    branchId: id(),
    siteId: id().nullable().default(null),
    accountId: id()
      .nullable()
      .default(null)
      .describe(
        'Whose debt is paid; without it, or unknown where a machine tells it, the payment waits unmatched',
      ),
    invoiceNumber: text(100).nullable().default(null).describe('Names the account, and what is paid first'),
    provider: text(100).nullable().default(null).describe('Who moved the money; a machine client is its own'),
    providerId: text(200).nullable().default(null).describe('Its id of the payment: booked once (BIL-08)'),
    method: z.enum(METHODS),
    amount: positiveMoneyInput(),
    receivedAt: instant().nullable().default(null).describe('When the money came in; now, if left out'),
    reference: text(200).nullable().default(null).describe('What stands on the transfer, for matching'),
    charges: named(),
  })
  .meta({
    id: 'ReceivePayment',
    examples: [
      {
        branchId: '0197a2c4-5d00-7000-8000-000000000002',
        accountId: '0197a2c4-5d00-7000-8000-000000000014',
        provider: 'wechat-pay',
        providerId: '4200001234202603050000000001',
        method: 'wechat',
        amount: { amount: '60.00', currency: 'CNY' },
      },
    ],
  });
export type ReceivePaymentBody = z.output<typeof receivePaymentBody>;

export const assignPaymentBody = z
  .strictObject({ accountId: id(), charges: named(), reason: reason() })
  .meta({
    id: 'AssignPayment',
    examples: [{ accountId: '0197a2c4-5d00-7000-8000-000000000014', reason: '附言为 180#1-1-1' }],
  });
export type AssignPaymentBody = z.output<typeof assignPaymentBody>;

export const reversePaymentBody = z
  .strictObject({ why: z.enum(REVERSAL_REASONS), reason: reason() })
  .meta({ id: 'ReversePayment', examples: [{ why: 'bounced', reason: '银行退票' }] });
export type ReversePaymentBody = z.output<typeof reversePaymentBody>;

export const refundPaymentBody = z.strictObject({ amount: positiveMoneyInput(), reason: reason() }).meta({
  id: 'RefundPayment',
  examples: [{ amount: { amount: '12.00', currency: 'CNY' }, reason: '业主搬离，退预存款' }],
});
export type RefundPaymentBody = z.output<typeof refundPaymentBody>;

const PAYMENT_EXAMPLE = {
  id: '0197a2c4-5d00-7000-8000-000000000016',
  branchId: '0197a2c4-5d00-7000-8000-000000000002',
  siteId: '0197a2c4-5d00-7000-8000-000000000003',
  accountId: '0197a2c4-5d00-7000-8000-000000000014',
  customerId: '0197a2c4-5d00-7000-8000-00000000000a',
  state: 'booked',
  method: 'wechat',
  provider: 'wechat-pay',
  providerId: '4200001234202603050000000001',
  invoiceNumber: null,
  reference: null,
  amount: { amount: '60.00', currency: 'CNY' },
  left: { amount: '0.00', currency: 'CNY' },
  returned: { amount: '0.00', currency: 'CNY' },
  receivedOn: '2026-03-05',
  receivedAt: '2026-03-05T03:00:00.000Z',
  recordedBy: 'wechat-pay',
  receiptNumber: 'EB1-R-2026-000001',
  cashHandoverId: null,
  actions: ['reverse'],
  version: 1,
} as const;

export const paymentDto = z
  .object({
    id: id(),
    branchId: id(),
    siteId: id().nullable(),
    accountId: id().nullable().describe('Null while nobody knows whose it is'),
    customerId: id().nullable(),
    state: z.enum(PAYMENT_STATES),
    method: z.enum(METHODS),
    provider: z.string().nullable(),
    providerId: z.string().nullable(),
    invoiceNumber: z.string().nullable().describe('As it was told'),
    reference: z.string().nullable(),
    amount: moneyOutput(),
    left: moneyOutput().describe('What no charge has taken: credit for later charges'),
    returned: moneyOutput().describe('What went back to the payer'),
    receivedOn: day(),
    receivedAt: instant(),
    recordedBy: z.string(),
    receiptNumber: z.string().nullable(),
    cashHandoverId: id().nullable(),
    actions: z.array(z.enum(PAYMENT_ACTIONS)),
    version: z.int(),
  })
  .meta({ id: 'Payment', examples: [PAYMENT_EXAMPLE] });
export type PaymentDto = z.output<typeof paymentDto>;

export const paymentsQuery = listQuery({
  filters: {
    branchId: id().optional(),
    accountId: id().optional(),
    customerId: id().optional(),
    state: z.enum(PAYMENT_STATES).optional(),
    method: z.enum(METHODS).optional(),
    provider: z.string().max(100).optional(),
    providerId: z.string().max(200).optional(),
    receivedFrom: day().optional(),
    receivedTo: day().optional(),
    receipt: flag().optional().describe('false: only money without a receipt (BIL-09)'),
    credit: flag().optional().describe('true: only payments of which something is left'),
  },
  sorts: ['receivedAt'],
  defaultSort: '-receivedAt',
});
export type PaymentsQuery = z.output<typeof paymentsQuery>;
export const paymentPage = pageSchema(paymentDto).meta({
  id: 'PaymentPage',
  examples: [{ items: [PAYMENT_EXAMPLE], next: null }],
});

export const allocationDto = z
  .object({
    id: id(),
    paymentId: id(),
    chargeId: id(),
    feeItemCode: z.string(),
    serviceFrom: day(),
    serviceTo: day(),
    amount: moneyOutput().describe('Negative: taken back'),
    settledOn: day(),
    why: z.string(),
  })
  .meta({ id: 'Allocation' });
export type AllocationDto = z.output<typeof allocationDto>;
export const allocationsQuery = listQuery({ filters: {}, sorts: ['id'], defaultSort: 'id' });
export type AllocationsQuery = z.output<typeof allocationsQuery>;
export const allocationPage = pageSchema(allocationDto).meta({ id: 'AllocationPage' });
