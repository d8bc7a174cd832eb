import { z } from 'zod';

/** The kinds of ticket of the trade: 报修, 投诉, 建议, 咨询, 有偿服务, 隐患, 突发事件. */
export const TICKET_KINDS = [
  'repair',
  'complaint',
  'suggestion',
  'inquiry',
  'paid-service',
  'hazard',
  'emergency',
] as const;
export type TicketKind = (typeof TICKET_KINDS)[number];

export const ticketKind = () => z.enum(TICKET_KINDS);
