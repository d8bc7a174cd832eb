import { moneyToJson } from '@steward/kernel';
import { day, flag, listQuery, pageSchema, reason, rolesAt, type CallContext } from '@steward/platform';
import { z } from 'zod';
import { KEEPERS } from '../access.js';
import { moneyOutput } from '../money.fields.js';
import type { AccountState } from './account-query.repository.js';

export const openAccountBody = z
  .strictObject({
    branchId: z.uuid(),
    siteId: z.uuid().nullable().default(null).describe('Taken from the unit where one is named'),
    customerId: z.uuid(),
    propertyUnitId: z.uuid().nullable().default(null),
  })
  .meta({
    id: 'OpenBillingAccount',
    examples: [
      {
        branchId: '0197a2c4-5d00-7000-8000-000000000002',
        customerId: '0197a2c4-5d00-7000-8000-00000000000a',
        propertyUnitId: '0197a2c4-5d00-7000-8000-00000000000e',
      },
    ],
  });
export type OpenAccountBody = z.output<typeof openAccountBody>;

export const changeAccountBody = z
  .strictObject({ payerId: z.uuid().describe('Who pays for the customer'), reason: reason() })
  .meta({
    id: 'ChangeBillingAccount',
    examples: [{ payerId: '0197a2c4-5d00-7000-8000-00000000000b', reason: '由单位代付' }],
  });
export type ChangeAccountBody = z.output<typeof changeAccountBody>;

const ACTIONS = ['change', 'charge', 'invoice'] as const;

export const accountDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    siteId: z.uuid().nullable(),
    customerId: z.uuid(),
    propertyUnitId: z.uuid().nullable(),
    payerId: z.uuid(),
    openedOn: day(),
    balances: z
      .array(
        z.object({
          open: moneyOutput().describe('Charged and unpaid'),
          credit: moneyOutput().describe('Paid, and taken by no charge'),
          balance: moneyOutput().describe('open − credit'),
        }),
      )
      .describe('One per currency; none where nothing is owed nor paid ahead'),
    version: z.int(),
    actions: z.array(z.enum(ACTIONS)),
  })
  .meta({ id: 'BillingAccount' });
export type AccountDto = z.output<typeof accountDto>;

export function toAccountDto(ctx: CallContext, { balances, ...account }: AccountState): AccountDto {
  const keeps = rolesAt(ctx, account).some((role) => KEEPERS.includes(role));
  return {
    ...account,
    balances: balances.map(({ currency, open, credit }) => ({
      open: moneyToJson({ minor: BigInt(open), currency }),
      credit: moneyToJson({ minor: BigInt(credit), currency }),
      balance: moneyToJson({ minor: BigInt(open) - BigInt(credit), currency }),
    })),
    actions: keeps ? [...ACTIONS] : [],
  };
}

export const accountsQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    customerId: z.uuid().optional().describe('Also the accounts of records that were merged with it'),
    propertyUnitId: z.uuid().optional(),
    owing: flag().optional().describe('Whether something is open on it'),
  },
  sorts: ['openedOn'],
  defaultSort: 'openedOn',
});
export type AccountsQuery = z.output<typeof accountsQuery> & Readonly<{ customerIds?: readonly string[] }>;
export const accountPage = pageSchema(accountDto).meta({ id: 'BillingAccountPage' });
