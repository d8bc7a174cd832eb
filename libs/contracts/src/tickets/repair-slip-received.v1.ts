import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const RepairSlipReceived = defineEvent({
  context: 'tickets',
  name: 'repair-slip-received',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Repair slip received',
  description: 'Engineering took the slip over and signed for it (TKT-40).',
  schema: z.object({
    ticketId: id(),
    employeeId: id(),
    receivedAt: instant(),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    employeeId: '0197a2c4-5d00-7000-8000-000000000005',
    receivedAt: '2026-03-02T01:00:00.000Z',
  },
});
export type RepairSlipReceived = DataOf<typeof RepairSlipReceived>;
