import type { EventDefinition, PersonalDefinition } from './definition.js';
import { CustomerRegistered } from './accounts/customer-registered.v1.js';
import { CustomerLinked } from './accounts/customer-linked.v1.js';
import { CustomerUnlinked } from './accounts/customer-unlinked.v1.js';
import { CustomerChanged } from './accounts/customer-changed.v1.js';
import { CustomerMerged } from './accounts/customer-merged.v1.js';
import { CustomerMergeUndone } from './accounts/customer-merge-undone.v1.js';
import { CustomerErased } from './accounts/customer-erased.v1.js';
import { BuildingRegistered } from './premises/building-registered.v1.js';
import { BuildingChanged } from './premises/building-changed.v1.js';
import { PropertyUnitRegistered } from './premises/property-unit-registered.v1.js';
import { PropertyUnitChanged } from './premises/property-unit-changed.v1.js';
import { OccupancyBegan } from './premises/occupancy-began.v1.js';
import { OccupancyEnded } from './premises/occupancy-ended.v1.js';
import { MeterInstalled } from './premises/meter-installed.v1.js';
import { MeterRemoved } from './premises/meter-removed.v1.js';
import { RepairSlipReceived } from './tickets/repair-slip-received.v1.js';
import { QuoteGiven } from './tickets/quote-given.v1.js';
import { QuoteAccepted } from './tickets/quote-accepted.v1.js';
import { QuoteDeclined } from './tickets/quote-declined.v1.js';
import { WorkSigned } from './tickets/work-signed.v1.js';
import { ReworkOrdered } from './tickets/rework-ordered.v1.js';
import { TicketPaid } from './tickets/ticket-paid.v1.js';
import { CallbackScheduled } from './tickets/callback-scheduled.v1.js';
import { CallbackAttempted } from './tickets/callback-attempted.v1.js';
import { CallbackRecorded } from './tickets/callback-recorded.v1.js';
import { RecurrenceFound } from './tickets/recurrence-found.v1.js';
import { FeeItemDefined } from './billing/fee-item-defined.v1.js';
import { TariffPublished } from './billing/tariff-published.v1.js';
import { ReadingRecorded } from './billing/reading-recorded.v1.js';
import { ChargeRaised } from './billing/charge-raised.v1.js';
import { InvoiceIssued } from './billing/invoice-issued.v1.js';
import { PaymentReceived } from './billing/payment-received.v1.js';
import { PaymentReversed } from './billing/payment-reversed.v1.js';
import { ChargeAllocated } from './billing/charge-allocated.v1.js';
import { CreditNoteIssued } from './billing/credit-note-issued.v1.js';
import { BillingRunCompleted } from './billing/billing-run-completed.v1.js';
import { CashHandedOver } from './billing/cash-handed-over.v1.js';
import { MonthClosed } from './insights/month-closed.v1.js';
import { AccountsAuditHeadSealed } from './accounts/audit-head-sealed.v1.js';
import { PremisesAuditHeadSealed } from './premises/audit-head-sealed.v1.js';
import { BillingAuditHeadSealed } from './billing/audit-head-sealed.v1.js';
import { CustomerPersons } from './accounts/persons.v1.js';
import { InsightsAuditHeadSealed } from './insights/audit-head-sealed.v1.js';
import { OrganisationAuditHeadSealed } from './organisation/audit-head-sealed.v1.js';
import { CalendarDefined } from './organisation/calendar-defined.v1.js';
import { EmployeeErased } from './organisation/employee-erased.v1.js';
import { EmployeeRegistered } from './organisation/employee-registered.v1.js';
import { PolicySet } from './organisation/policy-set.v1.js';
import { RoleGranted } from './organisation/role-granted.v1.js';
import { RoleRevoked } from './organisation/role-revoked.v1.js';
import { UnitChanged } from './organisation/unit-changed.v1.js';
import { UnitRegistered } from './organisation/unit-registered.v1.js';
import { Persons } from './organisation/persons.v1.js';
import { TicketsAuditHeadSealed } from './tickets/audit-head-sealed.v1.js';
import { CategoryDefined } from './tickets/category-defined.v1.js';
import { TicketAmended } from './tickets/ticket-amended.v1.js';
import { TicketAssigned } from './tickets/ticket-assigned.v1.js';
import { TicketCancelled } from './tickets/ticket-cancelled.v1.js';
import { TicketClassified } from './tickets/ticket-classified.v1.js';
import { TicketCompleted } from './tickets/ticket-completed.v1.js';
import { TicketPaused } from './tickets/ticket-paused.v1.js';
import { TicketRegistered } from './tickets/ticket-registered.v1.js';
import { TicketReopened } from './tickets/ticket-reopened.v1.js';
import { TicketResumed } from './tickets/ticket-resumed.v1.js';
import { TicketStarted } from './tickets/ticket-started.v1.js';

/** Every event of the platform, in the order of the catalogue. */
export const ALL_EVENTS: readonly EventDefinition[] = [
  UnitRegistered,
  UnitChanged,
  EmployeeRegistered,
  EmployeeErased,
  RoleGranted,
  RoleRevoked,
  CalendarDefined,
  PolicySet,
  OrganisationAuditHeadSealed,
  CategoryDefined,
  TicketRegistered,
  TicketClassified,
  TicketAmended,
  TicketAssigned,
  TicketStarted,
  TicketPaused,
  TicketResumed,
  TicketCompleted,
  TicketReopened,
  TicketCancelled,
  RepairSlipReceived,
  QuoteGiven,
  QuoteAccepted,
  QuoteDeclined,
  WorkSigned,
  ReworkOrdered,
  TicketPaid,
  CallbackScheduled,
  CallbackAttempted,
  CallbackRecorded,
  RecurrenceFound,
  TicketsAuditHeadSealed,
  CustomerRegistered,
  CustomerLinked,
  CustomerUnlinked,
  CustomerChanged,
  CustomerMerged,
  CustomerMergeUndone,
  CustomerErased,
  AccountsAuditHeadSealed,
  BuildingRegistered,
  BuildingChanged,
  PropertyUnitRegistered,
  PropertyUnitChanged,
  OccupancyBegan,
  OccupancyEnded,
  MeterInstalled,
  MeterRemoved,
  PremisesAuditHeadSealed,
  FeeItemDefined,
  TariffPublished,
  ReadingRecorded,
  ChargeRaised,
  InvoiceIssued,
  PaymentReceived,
  PaymentReversed,
  ChargeAllocated,
  CreditNoteIssued,
  BillingRunCompleted,
  CashHandedOver,
  BillingAuditHeadSealed,
  MonthClosed,
  InsightsAuditHeadSealed,
];

/** Every compacted topic of personal values. */
export const ALL_PERSONAL: readonly PersonalDefinition[] = [Persons, CustomerPersons];

const eventsByType = new Map(ALL_EVENTS.map((event) => [event.type, event]));

/** The definition of an event type (`tickets.ticket-completed.v1`), or undefined for a type that this build does not know. */
export function findEvent(type: string): EventDefinition | undefined {
  return eventsByType.get(type);
}
