import { moneyToJson } from '@steward/kernel';
import { day, listQuery, pageSchema, reason } from '@steward/platform';
import { z } from 'zod';
import { moneyOutput, positiveMoneyInput } from '../money.fields.js';
import type { CreditNote } from './credit-note.repository.js';

/** Each line is settled by itself, under the lock of its account. */
const MOST_LINES = 50;

export const issueCreditNoteBody = z
  .strictObject({
    invoiceId: z.uuid(),
    lines: z
      .array(z.strictObject({ chargeId: z.uuid(), amount: positiveMoneyInput() }))
      .min(1)
      .max(MOST_LINES)
      .refine(
        (lines) => new Set(lines.map(({ chargeId }) => chargeId)).size === lines.length,
        'names a charge twice',
      ),
    reason: reason(),
  })
  .meta({
    id: 'IssueCreditNote',
    examples: [
      {
        invoiceId: '0197a2c4-5d00-7000-8000-000000000015',
        lines: [
          {
            chargeId: '0197a2c4-5d00-7000-8000-000000000013',
            amount: { amount: '20.00', currency: 'CNY' },
          },
        ],
        reason: '材料未更换',
      },
    ],
  });
export type IssueCreditNoteBody = z.output<typeof issueCreditNoteBody>;

export const creditNoteDto = z
  .object({
    id: z.uuid(),
    number: z.string(),
    branchId: z.uuid(),
    siteId: z.uuid().nullable(),
    invoiceId: z.uuid(),
    accountId: z.uuid(),
    customerId: z.uuid(),
    issuedOn: day(),
    total: moneyOutput(),
    lines: z.array(
      z.object({ line: z.int(), chargeId: z.uuid(), feeItemCode: z.string(), amount: moneyOutput() }),
    ),
    reason: z.string(),
  })
  .meta({ id: 'CreditNote' });
export type CreditNoteDto = z.output<typeof creditNoteDto>;

export const toCreditNoteDto = ({ totalMinor, currency, lines, ...note }: CreditNote): CreditNoteDto => ({
  ...note,
  total: moneyToJson({ minor: BigInt(totalMinor), currency }),
  lines: lines.map(({ amountMinor, ...line }) => ({
    ...line,
    amount: moneyToJson({ minor: BigInt(amountMinor), currency }),
  })),
});

export const creditNotesQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    accountId: z.uuid().optional(),
    invoiceId: z.uuid().optional(),
  },
  sorts: ['issuedOn'],
  defaultSort: '-issuedOn',
});
export type CreditNotesQuery = z.output<typeof creditNotesQuery>;
export const creditNotePage = pageSchema(creditNoteDto).meta({ id: 'CreditNotePage' });
