import { defineAuditHeadSealed } from '../audit-head-sealed.js';
import type { DataOf } from '../definition.js';

export { BillingRunCompleted } from './billing-run-completed.v1.js';
export { CashHandedOver } from './cash-handed-over.v1.js';
export { ChargeAllocated } from './charge-allocated.v1.js';
export { ChargeRaised } from './charge-raised.v1.js';
export { ChargeReversed } from './charge-reversed.v1.js';
export { CreditNoteIssued } from './credit-note-issued.v1.js';
export { FeeItemDefined } from './fee-item-defined.v1.js';
export { InvoiceIssued } from './invoice-issued.v1.js';
export { PaymentReceived } from './payment-received.v1.js';
export { PaymentReversed } from './payment-reversed.v1.js';
export { ReadingRecorded } from './reading-recorded.v1.js';
export { TariffPublished } from './tariff-published.v1.js';

export const BillingAuditHeadSealed = defineAuditHeadSealed('billing');
export type BillingAuditHeadSealed = DataOf<typeof BillingAuditHeadSealed>;
