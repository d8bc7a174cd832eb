import { day, instant, listQuery, pageSchema } from '@steward/platform';
import { z } from 'zod';
import { moneyOutput } from '../money.fields.js';
import { ENTRY_KINDS } from './ledger.repository.js';

export const entryDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    siteId: z.uuid().nullable(),
    accountId: z.uuid().nullable(),
    kind: z.enum(ENTRY_KINDS),
    sourceId: z.uuid().describe('The charge, payment, note … that it books'),
    bookedOn: day(),
    recordedAt: instant(),
    reversesId: z.uuid().nullable(),
    postings: z.array(
      z.object({ account: z.string(), amount: moneyOutput().describe('Positive is a debit') }),
    ),
  })
  .meta({ id: 'LedgerEntry' });
export type EntryDto = z.output<typeof entryDto>;

export const entriesQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    accountId: z.uuid().optional(),
    sourceId: z.uuid().optional(),
    kind: z.enum(ENTRY_KINDS).optional(),
    from: day().optional(),
    to: day().optional(),
  },
  sorts: ['bookedOn'],
  defaultSort: '-bookedOn',
});
export type EntriesQuery = z.output<typeof entriesQuery>;
export const entryPage = pageSchema(entryDto).meta({ id: 'LedgerEntryPage' });

export const trialBalanceQuery = z.strictObject({
  branchId: z.uuid(),
  from: day().optional().describe('Booked on this day or later; from the beginning if left out'),
  to: day().optional().describe('Booked on this day or earlier'),
});
export type TrialBalanceQuery = z.output<typeof trialBalanceQuery>;

export const trialBalanceDto = z
  .object({
    branchId: z.uuid(),
    lines: z.array(
      z.object({
        account: z.string(),
        debit: moneyOutput(),
        credit: moneyOutput(),
        balance: moneyOutput().describe('debit − credit'),
      }),
    ),
    totals: z.array(moneyOutput()).describe('Per currency; always zero (BIL-03)'),
  })
  .meta({ id: 'TrialBalance' });
export type TrialBalanceDto = z.output<typeof trialBalanceDto>;
