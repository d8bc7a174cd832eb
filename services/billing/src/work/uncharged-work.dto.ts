import { instant, listQuery, pageSchema, rolesAt, type CallContext } from '@steward/platform';
import { z } from 'zod';
import { KEEPERS } from '../access.js';
import { moneyOutput } from '../money.fields.js';
import type { UnchargedWork } from './uncharged-work.repository.js';

export const nameCustomerBody = z
  .strictObject({ customerId: z.uuid() })
  .meta({ id: 'NameCustomer', examples: [{ customerId: '0197a2c4-5d00-7000-8000-00000000000a' }] });
export type NameCustomerBody = z.output<typeof nameCustomerBody>;

export const unchargedWorkDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    siteId: z.uuid().nullable(),
    ticketId: z.uuid(),
    ticketNumber: z.string(),
    propertyUnitId: z.uuid().nullable(),
    signedAt: instant(),
    total: moneyOutput(),
    chargeId: z.uuid().nullable(),
    version: z.int(),
    actions: z.array(z.enum(['name-customer'])),
  })
  .meta({ id: 'UnchargedWork' });
export type UnchargedWorkDto = z.output<typeof unchargedWorkDto>;

export function toUnchargedWorkDto(ctx: CallContext, work: UnchargedWork): UnchargedWorkDto {
  const { quoteId: _quote, lines: _lines, signedAt, ...rest } = work;
  const open = work.chargeId === null && rolesAt(ctx, work).some((role) => KEEPERS.includes(role));
  return { ...rest, signedAt: signedAt.toISOString(), actions: open ? ['name-customer'] : [] };
}

export const unchargedWorksQuery = listQuery({
  filters: { branchId: z.uuid().optional() },
  sorts: ['signedAt'],
  defaultSort: 'signedAt',
});
export type UnchargedWorksQuery = z.output<typeof unchargedWorksQuery>;
export const unchargedWorkPage = pageSchema(unchargedWorkDto).meta({ id: 'UnchargedWorkPage' });
