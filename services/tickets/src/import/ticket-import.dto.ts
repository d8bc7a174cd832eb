import { TICKET_KINDS } from '@steward/contracts';
import { instant, text } from '@steward/platform';
import { z } from 'zod';
import { CATEGORY_CODE } from '../category/category.rules.js';
import { CHANNELS, PRIORITIES } from '../ticket/ticket.rules.js';

/** One row of a ticket file after its mapping. */
export const ticketRow = z.strictObject({
  kind: z.enum(TICKET_KINDS).describe('Kind of ticket'),
  channel: z.enum(CHANNELS).default('department').describe('How it came in'),
  categoryCode: z
    .string()
    .max(100)
    .regex(CATEGORY_CODE)
    .optional()
    .describe('Code of the category; made when the branch has none'),
  categoryName: text(200).optional().describe('Name for a category that is made'),
  priority: z.enum(PRIORITIES).default('routine').describe('Priority'),
  content: text(10_000).describe('What the customer said'),
  requesterName: text(200).optional().describe('Who turned to us'),
  requesterPhone: text(40).optional().describe('Phone of the requester'),
  company: text(200).optional().describe('Company'),
  unitText: text(500).optional().describe('Where it is'),
  receivedAt: instant().describe('When it was received'),
  completedAt: instant().optional().describe('When the work was done'),
  cancelledAt: instant().optional().describe('When it was withdrawn'),
  outcome: text(5_000).optional().describe('What came out'),
});
export type TicketRow = z.output<typeof ticketRow>;
