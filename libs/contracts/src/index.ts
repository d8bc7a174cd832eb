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
export { TicketStarted } from './tickets/ticket-started.v1.js';
export { TICKET_KINDS } from './tickets/ticket-kind.js';
export type { TicketKind } from './tickets/ticket-kind.js';
export { ALL_POLICIES } from './policies/catalogue.js';
export {
  CATEGORY_RESOLVE,
  CLOCK_PROFILE,
  INTAKE,
  KIND_RESOLVE,
  TICKET_POLICIES,
} from './policies/ticket-policies.js';
export { FORMER_EMPLOYEE_RETENTION, ORGANISATION_POLICIES } from './policies/organisation-policies.js';
