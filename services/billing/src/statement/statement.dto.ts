import { day } from '@steward/platform';
import { z } from 'zod';
import { ENTRY_KINDS } from '../ledger/ledger.repository.js';
import { moneyOutput } from '../money.fields.js';

export const statementQuery = z
  .strictObject({ from: day(), to: day() })
  .refine(({ from, to }) => from <= to, {
    path: ['to'],
    message: 'is before from',
    // days only, whatever else was sent
    when: ({ issues }) => issues.length === 0,
  });
export type StatementQuery = z.output<typeof statementQuery>;

export const statementDto = z
  .object({
    accountId: z.uuid(),
    branchId: z.uuid(),
    customerId: z.uuid(),
    propertyUnitId: z.uuid().nullable(),
    from: day(),
    to: day(),
    parts: z
      .array(
        z.object({
          currency: z.string(),
          opening: moneyOutput().describe('Owed before the first day; negative: paid ahead'),
          lines: z.array(
            z.object({
              on: day(),
              kind: z.enum(ENTRY_KINDS),
              feeItemCode: z.string().nullable(),
              serviceFrom: day().nullable(),
              serviceTo: day().nullable(),
              number: z.string().nullable().describe('Of the invoice, credit note or receipt'),
              amount: moneyOutput().describe('Positive: charged; negative: paid or credited'),
              balance: moneyOutput(),
            }),
          ),
          closing: moneyOutput(),
        }),
      )
      .describe('One per currency'),
  })
  .meta({ id: 'Statement' });
export type StatementDto = z.output<typeof statementDto>;
