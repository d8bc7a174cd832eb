import { z } from 'zod';
import { PERSONAL_FIELDS } from '../grant/grant.rules.js';

const EXAMPLE = {
  type: 'tickets.ticket-completed.v1',
  title: 'Ticket completed',
  description: 'The work is done.',
  personalFields: ['customer' as const],
  sample: {
    id: '0197a2c4-5d00-7000-8000-0000000000e1',
    type: 'tickets.ticket-completed.v1',
    data: { ticketId: '0197a2c4-5d00-7000-8000-000000000008', onTime: true },
  },
};

export const eventTypesDto = z
  .object({
    items: z.array(
      z.object({
        type: z.string(),
        title: z.string(),
        description: z.string().describe('When it comes.'),
        personalFields: z.array(z.enum(PERSONAL_FIELDS)).describe('Kinds of people whose ids you get.'),
        sample: z.record(z.string(), z.unknown()).describe('As you would get it, reduced like a real one.'),
      }),
    ),
  })
  .meta({ id: 'GrantedEventTypes', examples: [{ items: [EXAMPLE] }] });
export type EventTypesDto = z.output<typeof eventTypesDto>;
