import { moneyToJson } from '@steward/kernel';
import {
  day,
  flag,
  instant,
  listQuery,
  pageSchema,
  reason,
  rolesAt,
  text,
  type CallContext,
} from '@steward/platform';
import { z } from 'zod';
import { KEEPERS } from '../access.js';
import { FEE_ITEM_CODE } from '../fee-item/fee-item.rules.js';
import { moneyOutput, positiveMoneyInput } from '../money.fields.js';
import { CHARGE_KINDS, type Charge } from './charge.js';

export const raiseChargeBody = z
  .strictObject({
    accountId: z.uuid(),
    feeItemCode: z.string().max(60).regex(FEE_ITEM_CODE, 'is not the code of a fee item'),
    amount: positiveMoneyInput(),
    serviceFrom: day(),
    serviceTo: day(),
    dueOn: day().optional().describe('By the policy of the branch if left out'),
    bookedOn: day().optional().describe('Today, if left out; never later'),
    reference: text(100).describe('The document by which it is owed, once per branch'),
    reason: reason(),
  })
  .refine(({ serviceFrom, serviceTo }) => serviceFrom <= serviceTo, {
    path: ['serviceTo'],
    message: 'is before serviceFrom',
  })
  .meta({
    id: 'RaiseCharge',
    examples: [
      {
        accountId: '0197a2c4-5d00-7000-8000-000000000014',
        feeItemCode: 'keys',
        amount: { amount: '45.00', currency: 'CNY' },
        serviceFrom: '2026-03-04',
        serviceTo: '2026-03-04',
        reference: 'KEY-2026-0031',
        reason: '补办门禁卡三张',
      },
    ],
  });
export type RaiseChargeBody = z.output<typeof raiseChargeBody>;

export const reverseChargeBody = z
  .strictObject({ reason: reason() })
  .meta({ id: 'ReverseCharge', examples: [{ reason: '录入错误' }] });
export type ReverseChargeBody = z.output<typeof reverseChargeBody>;

const summary = {
  id: z.uuid(),
  branchId: z.uuid(),
  siteId: z.uuid().nullable(),
  accountId: z.uuid(),
  customerId: z.uuid().nullable(),
  propertyUnitId: z.uuid().nullable(),
  meterId: z.uuid().nullable(),
  feeItemCode: z.string(),
  kind: z.enum(CHARGE_KINDS),
  runId: z.uuid().nullable(),
  ticketId: z.uuid().nullable(),
  reference: z.string().nullable(),
  serviceFrom: day(),
  serviceTo: day(),
  amount: moneyOutput(),
  credited: moneyOutput().describe('Taken off by credit notes'),
  open: moneyOutput(),
  bookedOn: day(),
  dueOn: day(),
  raisedAt: instant(),
  invoiceId: z.uuid().nullable(),
  reversedOn: day().nullable(),
};

export const chargeSummaryDto = z.object(summary).meta({ id: 'ChargeSummary' });
export type ChargeSummaryDto = z.output<typeof chargeSummaryDto>;

export const chargeDto = z
  .object({
    ...summary,
    explanation: z.unknown().describe('How the amount came about: readings, tariffs and steps, or the quote'),
    tariffIds: z.array(z.uuid()),
    version: z.int(),
    actions: z.array(z.enum(['reverse'])),
  })
  .meta({ id: 'Charge' });
export type ChargeDto = z.output<typeof chargeDto>;

export function toSummaryDto(charge: Charge): ChargeSummaryDto {
  const { amountMinor, creditedMinor, openMinor, currency, raisedAt, ...rest } = charge;
  const { explanation: _how, tariffIds: _by, quoteId: _quote, version: _version, ...shown } = rest;
  return {
    ...shown,
    amount: moneyToJson({ minor: amountMinor, currency }),
    credited: moneyToJson({ minor: creditedMinor, currency }),
    open: moneyToJson({ minor: openMinor, currency }),
    raisedAt: raisedAt.toISOString(),
  };
}

/** A charge that stands on an invoice or is paid is corrected by a credit note. */
const isReversible = ({ invoiceId, reversedOn, openMinor, amountMinor }: Charge): boolean =>
  invoiceId === null && reversedOn === null && openMinor === amountMinor;

export function toChargeDto(ctx: CallContext, charge: Charge): ChargeDto {
  const keeps = rolesAt(ctx, charge).some((role) => KEEPERS.includes(role));
  return {
    ...toSummaryDto(charge),
    explanation: charge.explanation,
    tariffIds: [...charge.tariffIds],
    version: charge.version,
    actions: keeps && isReversible(charge) ? ['reverse'] : [],
  };
}

export const chargesQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    accountId: z.uuid().optional(),
    customerId: z.uuid().optional().describe('On accounts of the customer, and of records merged with it'),
    propertyUnitId: z.uuid().optional(),
    ticketId: z.uuid().optional(),
    runId: z.uuid().optional(),
    invoiceId: z.uuid().optional(),
    open: flag().optional().describe('Whether something of it is unpaid'),
  },
  sorts: ['raised'],
  defaultSort: '-raised',
});
export type ChargesQuery = z.output<typeof chargesQuery> & Readonly<{ customerIds?: readonly string[] }>;
export const chargePage = pageSchema(chargeSummaryDto).meta({ id: 'ChargePage' });
