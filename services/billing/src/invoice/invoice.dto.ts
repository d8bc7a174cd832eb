import { moneyOutput } from '../money.fields.js';
import { day, flag, listQuery, month, pageSchema, rolesAt, type CallContext } from '@steward/platform';
import { KEEPERS } from '../access.js';
import { moneyToJson } from '@steward/kernel';
import { z } from 'zod';
import type { InvoiceState } from './invoice.repository.js';

export const issueInvoiceBody = z
  .strictObject({
    accountId: z.uuid(),
    chargeIds: z
      .array(z.uuid())
      .min(1)
      .max(500)
      .optional()
      .describe('Left out: everything of the account that stands on no invoice yet'),
  })
  .meta({ id: 'IssueInvoice', examples: [{ accountId: '0197a2c4-5d00-7000-8000-000000000014' }] });
export type IssueInvoiceBody = z.output<typeof issueInvoiceBody>;

export const issuePeriodBody = z.strictObject({ branchId: z.uuid(), period: month() }).meta({
  id: 'IssueInvoicesOfPeriod',
  examples: [{ branchId: '0197a2c4-5d00-7000-8000-000000000002', period: '2026-03' }],
});
export type IssuePeriodBody = z.output<typeof issuePeriodBody>;

export const periodIssuedDto = z
  .object({
    issued: z.int().describe('Invoices issued by this call'),
    done: z.boolean().describe('False: more accounts wait; repeat the call'),
  })
  .meta({ id: 'InvoicesOfPeriodIssued' });
export type PeriodIssuedDto = z.output<typeof periodIssuedDto>;

const lineDto = z
  .object({
    line: z.int(),
    chargeId: z.uuid(),
    feeItemCode: z.string(),
    meterId: z.uuid().nullable(),
    serviceFrom: day(),
    serviceTo: day(),
    amount: moneyOutput(),
    rounding: z.string().describe('What rounding to the minor unit added or took off'),
    explanation: z.unknown().describe('Readings, tariffs and steps, or the lines of the quote'),
  })
  .meta({ id: 'InvoiceLine' });

export const invoiceDto = z
  .object({
    id: z.uuid(),
    number: z.string(),
    branchId: z.uuid(),
    siteId: z.uuid().nullable(),
    accountId: z.uuid(),
    customerId: z.uuid(),
    propertyUnitId: z.uuid().nullable(),
    issuedOn: day(),
    dueOn: day(),
    total: moneyOutput(),
    credited: moneyOutput().describe('Taken off since by credit notes'),
    open: moneyOutput().describe('Unpaid now'),
    lines: z.array(lineDto),
    actions: z.array(z.enum(['credit'])),
  })
  .meta({ id: 'Invoice' });
export type InvoiceDto = z.output<typeof invoiceDto>;

export function toInvoiceDto(ctx: CallContext, invoice: InvoiceState): InvoiceDto {
  const { totalMinor, openMinor, creditedMinor, currency, lines, ...rest } = invoice;
  const keeps = rolesAt(ctx, invoice).some((role) => KEEPERS.includes(role));
  return {
    ...rest,
    total: moneyToJson({ minor: BigInt(totalMinor), currency }),
    credited: moneyToJson({ minor: BigInt(creditedMinor), currency }),
    open: moneyToJson({ minor: BigInt(openMinor), currency }),
    lines: [...lines],
    actions: keeps && creditedMinor !== totalMinor ? ['credit'] : [],
  };
}

export const invoicesQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    accountId: z.uuid().optional(),
    customerId: z.uuid().optional().describe('Also what was invoiced to records that were merged with it'),
    number: z.string().max(100).optional().describe('Capital letters need not be typed.'),
    open: flag().optional().describe('Whether something of it is unpaid now'),
    from: day().optional().describe('Issued on this day or later'),
    to: day().optional(),
  },
  sorts: ['issuedOn', 'number'],
  defaultSort: '-issuedOn',
});
export type InvoicesQuery = z.output<typeof invoicesQuery> & Readonly<{ customerIds?: readonly string[] }>;
export const invoicePage = pageSchema(invoiceDto).meta({ id: 'InvoicePage' });
