import { defineAuditHeadSealed } from '../audit-head-sealed.js';
import type { DataOf } from '../definition.js';

export { CategoryDefined } from './category-defined.v1.js';
export { PriceItemDefined } from './price-item-defined.v1.js';
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
export { RepairSlipReceived } from './repair-slip-received.v1.js';
export { QuoteGiven } from './quote-given.v1.js';
export { QuoteAccepted } from './quote-accepted.v1.js';
export { QuoteDeclined } from './quote-declined.v1.js';
export { WorkSigned } from './work-signed.v1.js';
export { ReworkOrdered } from './rework-ordered.v1.js';
export { TicketPaid } from './ticket-paid.v1.js';
export { CallbackScheduled } from './callback-scheduled.v1.js';
export { CallbackAttempted } from './callback-attempted.v1.js';
export { CallbackRecorded } from './callback-recorded.v1.js';
export { RecurrenceFound } from './recurrence-found.v1.js';

export const TicketsAuditHeadSealed = defineAuditHeadSealed('tickets');
export type TicketsAuditHeadSealed = DataOf<typeof TicketsAuditHeadSealed>;
