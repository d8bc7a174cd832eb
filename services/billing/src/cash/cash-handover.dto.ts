import { day, instant, listQuery, pageSchema, text } from '@steward/platform';
import { z } from 'zod';
import { moneyInput, moneyOutput, positiveMoneyInput } from '../money.fields.js';

const id = () => z.uuid();

const pieceInput = () =>
  z.strictObject({
    value: positiveMoneyInput().describe('One note or coin'),
    pieces: z.int().min(1).max(1_000_000),
  });

export const handOverCashBody = z
  .strictObject({
    branchId: id(),
    siteId: id().nullable().default(null).describe('Only money of this site; for whom works at one site'),
    businessDay: day(),
    receiverId: id().describe('The employee who takes the cash: an accountant or the manager'),
    counted: moneyInput(),
    pieces: z.array(pieceInput()).max(100).default([]).describe('Notes and coins; they add up to the sum'),
    explanation: text(1000).nullable().default(null).describe('Why it is not what was received'),
    signature: text(200).describe('Number or mark of the count that both signed'),
  })
  .meta({
    id: 'HandOverCash',
    examples: [
      {
        branchId: '0197a2c4-5d00-7000-8000-000000000002',
        businessDay: '2026-03-05',
        receiverId: '0197a2c4-5d00-7000-8000-000000000006',
        counted: { amount: '860.00', currency: 'CNY' },
        signature: '缴款单 2026-0305-1',
      },
    ],
  });
export type HandOverCashBody = z.output<typeof handOverCashBody>;

const EXAMPLE = {
  id: '0197a2c4-5d00-7000-8000-00000000001c',
  branchId: '0197a2c4-5d00-7000-8000-000000000002',
  siteId: null,
  cashierId: '0197a2c4-5d00-7000-8000-000000000005',
  cashierName: '李娜',
  receiverId: '0197a2c4-5d00-7000-8000-000000000006',
  receiverName: '陈静',
  businessDay: '2026-03-05',
  expected: { amount: '860.00', currency: 'CNY' },
  counted: { amount: '860.00', currency: 'CNY' },
  difference: { amount: '0.00', currency: 'CNY' },
  pieces: [],
  payments: 4,
  returns: 0,
  explanation: null,
  signature: '缴款单 2026-0305-1',
  handedOverAt: '2026-03-05T10:00:00.000Z',
  version: 1,
};

export const cashHandoverDto = z
  .object({
    id: id(),
    branchId: id(),
    siteId: id().nullable(),
    cashierId: id(),
    cashierName: z.string().nullable(),
    receiverId: id(),
    receiverName: z.string().nullable(),
    businessDay: day(),
    expected: moneyOutput().describe('Received in cash and not handed over before, less what was given back'),
    counted: moneyOutput(),
    difference: moneyOutput().describe('Counted less expected'),
    pieces: z.array(z.object({ value: moneyOutput(), pieces: z.int() })),
    payments: z.int(),
    returns: z.int(),
    explanation: z.string().nullable(),
    signature: z.string(),
    handedOverAt: instant(),
    version: z.int(),
  })
  .meta({ id: 'CashHandover', examples: [EXAMPLE] });
export type CashHandoverDto = z.output<typeof cashHandoverDto>;

export const cashHandoversQuery = listQuery({
  filters: {
    branchId: id().optional(),
    cashierId: id().optional(),
    from: day().optional(),
    to: day().optional(),
  },
  sorts: ['businessDay'],
  defaultSort: '-businessDay',
});
export type CashHandoversQuery = z.output<typeof cashHandoversQuery>;
export const cashHandoverPage = pageSchema(cashHandoverDto).meta({
  id: 'CashHandoverPage',
  examples: [{ items: [EXAMPLE], next: null }],
});

export const drawerDto = z
  .object({
    id: id().describe('The cashier'),
    branchId: id(),
    cashierName: z.string().nullable(),
    cash: moneyOutput().describe('To be handed over'),
    oldestDay: day().describe('Since when; before today it is late'),
    payments: z.int(),
    returns: z.int(),
  })
  .meta({ id: 'CashDrawer' });
export type DrawerDto = z.output<typeof drawerDto>;
export const drawersQuery = listQuery({
  filters: { branchId: id(), cashierId: id().optional(), receivedTo: day().optional() },
  sorts: ['cashier'],
  defaultSort: 'cashier',
});
export type DrawersQuery = z.output<typeof drawersQuery>;
export const drawerPage = pageSchema(drawerDto).meta({ id: 'CashDrawerPage' });
