export { asyncApi } from './asyncapi.js';
export { defineAuditHeadSealed } from './audit-head-sealed.js';
export { cataloguePage } from './catalogue-page.js';
export { ALL_EVENTS, ALL_PERSONAL, findEvent } from './catalogue.js';
export { checkCompatibility } from './compatibility.js';
export type { Breaking, BreakingKind } from './compatibility.js';
export { decodeEvent, decodePersonal, fromHeaders } from './decode.js';
export { checkScope, defineEvent, definePersonal } from './definition.js';
export type { DataOf, EventDefinition, EventScope, PersonalDefinition } from './definition.js';
export type {
  EnvelopeHeaders,
  EventEnvelope,
  EventOrigin,
  ReceivedHeaders,
  ReceivedValue,
  WireHeaders,
} from './envelope.js';
export { readHeaders, toHeaders } from './headers.js';
export { jsonSchemaOf } from './json-schema.js';
export type { JsonSchema } from './json-schema.js';
export { catalogueOf, checkCatalogue, currentCatalogue } from './released.js';
export type { Catalogue, CatalogueEntry } from './released.js';
export { CustomerRegistered } from './accounts/customer-registered.v1.js';
export { CustomerLinked } from './accounts/customer-linked.v1.js';
export { CustomerUnlinked } from './accounts/customer-unlinked.v1.js';
export { CustomerChanged } from './accounts/customer-changed.v1.js';
export { CustomerMerged } from './accounts/customer-merged.v1.js';
export { CustomerMergeUndone } from './accounts/customer-merge-undone.v1.js';
export { CustomerErased } from './accounts/customer-erased.v1.js';
export { BuildingRegistered } from './premises/building-registered.v1.js';
export { BuildingChanged } from './premises/building-changed.v1.js';
export { PropertyUnitRegistered } from './premises/property-unit-registered.v1.js';
export { PropertyUnitChanged } from './premises/property-unit-changed.v1.js';
export { OccupancyBegan } from './premises/occupancy-began.v1.js';
export { OccupancyEnded } from './premises/occupancy-ended.v1.js';
export { MeterInstalled } from './premises/meter-installed.v1.js';
export { MeterRemoved } from './premises/meter-removed.v1.js';
export { FeeItemDefined } from './billing/fee-item-defined.v1.js';
export { TariffPublished } from './billing/tariff-published.v1.js';
export { ReadingRecorded } from './billing/reading-recorded.v1.js';
export { ChargeRaised } from './billing/charge-raised.v1.js';
export { InvoiceIssued } from './billing/invoice-issued.v1.js';
export { PaymentReceived } from './billing/payment-received.v1.js';
export { PaymentReversed } from './billing/payment-reversed.v1.js';
export { ChargeAllocated } from './billing/charge-allocated.v1.js';
export { CreditNoteIssued } from './billing/credit-note-issued.v1.js';
export { BillingRunCompleted } from './billing/billing-run-completed.v1.js';
export { CashHandedOver } from './billing/cash-handed-over.v1.js';
export { MonthClosed } from './insights/month-closed.v1.js';
export { AccountsAuditHeadSealed } from './accounts/audit-head-sealed.v1.js';
export { PremisesAuditHeadSealed } from './premises/audit-head-sealed.v1.js';
export { BillingAuditHeadSealed } from './billing/audit-head-sealed.v1.js';
export { CustomerPersons } from './accounts/persons.v1.js';
export { InsightsAuditHeadSealed } from './insights/audit-head-sealed.v1.js';
export { OrganisationAuditHeadSealed } from './organisation/audit-head-sealed.v1.js';
export { CalendarDefined } from './organisation/calendar-defined.v1.js';
export { EmployeeErased } from './organisation/employee-erased.v1.js';
export { EmployeeRegistered } from './organisation/employee-registered.v1.js';
export { Persons } from './organisation/persons.v1.js';
export { PolicySet } from './organisation/policy-set.v1.js';
export { RoleGranted } from './organisation/role-granted.v1.js';
export { RoleRevoked } from './organisation/role-revoked.v1.js';
export { UnitChanged } from './organisation/unit-changed.v1.js';
export { UnitRegistered } from './organisation/unit-registered.v1.js';
export { TicketsAuditHeadSealed } from './tickets/audit-head-sealed.v1.js';
export { CategoryDefined } from './tickets/category-defined.v1.js';
export { TicketAmended } from './tickets/ticket-amended.v1.js';
export { TicketAssigned } from './tickets/ticket-assigned.v1.js';
export { TicketCancelled } from './tickets/ticket-cancelled.v1.js';
export { TicketClassified } from './tickets/ticket-classified.v1.js';
export { TicketCompleted } from './tickets/ticket-completed.v1.js';
export { TicketPaused } from './tickets/ticket-paused.v1.js';
export { TicketRegistered } from './tickets/ticket-registered.v1.js';
export { TicketReopened } from './tickets/ticket-reopened.v1.js';
export { TicketResumed } from './tickets/ticket-resumed.v1.js';
export { RepairSlipReceived } from './tickets/repair-slip-received.v1.js';
export { QuoteGiven } from './tickets/quote-given.v1.js';
export { QuoteAccepted } from './tickets/quote-accepted.v1.js';
export { QuoteDeclined } from './tickets/quote-declined.v1.js';
export { WorkSigned } from './tickets/work-signed.v1.js';
export { ReworkOrdered } from './tickets/rework-ordered.v1.js';
export { TicketPaid } from './tickets/ticket-paid.v1.js';
export { CallbackScheduled } from './tickets/callback-scheduled.v1.js';
export { CallbackAttempted } from './tickets/callback-attempted.v1.js';
export { CallbackRecorded } from './tickets/callback-recorded.v1.js';
export { RecurrenceFound } from './tickets/recurrence-found.v1.js';
export { TicketStarted } from './tickets/ticket-started.v1.js';
export { TICKET_KINDS } from './tickets/ticket-kind.js';
export type { TicketKind } from './tickets/ticket-kind.js';
export { ACCOUNT_POLICIES, FORMER_CUSTOMER_RETENTION } from './policies/account-policies.js';
export { ALL_POLICIES } from './policies/catalogue.js';
export {
  CATEGORY_RESOLVE,
  CLOCK_PROFILE,
  INTAKE,
  KIND_RESOLVE,
  TICKET_POLICIES,
} from './policies/ticket-policies.js';
export { FORMER_EMPLOYEE_RETENTION, ORGANISATION_POLICIES } from './policies/organisation-policies.js';
