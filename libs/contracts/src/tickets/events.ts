import { defineAuditHeadSealed } from '../audit-head-sealed.js';
import type { DataOf } from '../definition.js';

export { CategoryDefined } from './category-defined.v1.js';
export { TicketAmended } from './ticket-amended.v1.js';
export { TicketAssigned } from './ticket-assigned.v1.js';
export { TicketCancelled } from './ticket-cancelled.v1.js';
export { TicketClassified } from './ticket-classified.v1.js';
export { TicketCompleted } from './ticket-completed.v1.js';
export { TicketPaused } from './ticket-paused.v1.js';
export { TicketRegistered } from './ticket-registered.v1.js';
export { TicketReopened } from './ticket-reopened.v1.js';
export { TicketResumed } from './ticket-resumed.v1.js';
export { TicketStarted } from './ticket-started.v1.js';

export const TicketsAuditHeadSealed = defineAuditHeadSealed('tickets');
export type TicketsAuditHeadSealed = DataOf<typeof TicketsAuditHeadSealed>;
