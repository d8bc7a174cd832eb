import { z } from 'zod';
import { id } from '../fields.js';

/** What a grant lets a partner have; `branchIds` null means every branch. */
export const granted = {
  grantId: id(),
  partnerId: id(),
  eventTypes: z.array(z.string().regex(/^[a-z-]+\.[a-z-]+\.v[1-9]\d*$/)).min(1),
  branchIds: z.array(id()).nullable(),
  groupFacts: z.boolean(),
  personalFields: z.array(z.enum(['customer', 'employee'])),
};

export const GRANTED_SAMPLE = {
  grantId: '0197a2c4-5d00-7000-8000-000000000021',
  partnerId: '4f0b8a52-0d0e-5b8f-9a3d-4d1b7e2c9f10',
  eventTypes: ['tickets.ticket-completed.v1'],
  branchIds: ['0197a2c4-5d00-7000-8000-000000000002'],
  groupFacts: false,
  personalFields: ['customer' as const],
};
