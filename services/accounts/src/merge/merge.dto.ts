import { listQuery, pageSchema, reason } from '@steward/platform';
import { z } from 'zod';

export const MERGE_STATES = ['proposed', 'rejected', 'done', 'undone'] as const;

export const mergeBody = z
  .strictObject({
    intoCustomerId: z.uuid().describe('The record that stays; this one counts for it from now on.'),
    reason: reason(),
  })
  .meta({
    id: 'MergeCustomer',
    examples: [{ intoCustomerId: '0197a2c4-5d00-7000-8000-00000000000a', reason: '同一身份证，重复建档' }],
  });
export type MergeBody = z.output<typeof mergeBody>;

export const mergeDecisionBody = z
  .strictObject({ reason: reason() })
  .meta({ id: 'DecideMerge', examples: [{ reason: '已核对两处档案' }] });
export type MergeDecisionBody = z.output<typeof mergeDecisionBody>;

export const mergeDto = z
  .object({
    id: z.uuid(),
    customerId: z.uuid(),
    intoCustomerId: z.uuid(),
    branchId: z.uuid().describe('The branch that asked for it'),
    state: z.enum(MERGE_STATES),
    reason: z.string(),
    askedBy: z.string(),
    askedAt: z.iso.datetime(),
    decidedBy: z.string().nullable(),
    decidedAt: z.iso.datetime().nullable(),
    version: z.int(),
    actions: z.array(z.enum(['approve', 'reject', 'undo'])),
  })
  .meta({ id: 'CustomerMerge' });
export type MergeDto = z.output<typeof mergeDto>;

export const mergesQuery = listQuery({
  filters: {
    state: z.enum(MERGE_STATES).optional(),
    customerId: z.uuid().optional(),
    branchId: z.uuid().optional(),
  },
  sorts: ['askedAt'],
  defaultSort: '-askedAt',
});
export type MergesQuery = z.output<typeof mergesQuery>;
export const mergePage = pageSchema(mergeDto).meta({ id: 'CustomerMergePage' });
