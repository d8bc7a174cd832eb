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
export {
  PERSON_AGGREGATES,
  PERSON_FIELDS,
  PERSON_KINDS,
  withoutPersons,
  type PersonKind,
} from './person-fields.js';
export { PARTNER_CONTEXTS, PARTNER_EVENTS, partnerAsyncApi, partnerSample } from './partner-events.js';
export { readHeaders, toHeaders } from './headers.js';
export { jsonSchemaOf } from './json-schema.js';
export type { JsonSchema } from './json-schema.js';
export { catalogueOf, checkCatalogue, currentCatalogue } from './released.js';
export type { Catalogue, CatalogueEntry } from './released.js';
export * from './accounts/events.js';
export { CustomerPersons } from './accounts/persons.v1.js';
export * from './billing/events.js';
export * from './insights/events.js';
export * from './partners/events.js';
export * from './organisation/events.js';
export * from './premises/events.js';
export * from './tickets/events.js';
export { Persons } from './organisation/persons.v1.js';
export { TICKET_KINDS } from './tickets/ticket-kind.js';
export type { TicketKind } from './tickets/ticket-kind.js';
export { ACCOUNT_POLICIES, FORMER_CUSTOMER_RETENTION } from './policies/account-policies.js';
export { BILLING_POLICIES, DUE_DAYS, READING_JUMP, type ReadingJump } from './policies/billing-policies.js';
export { ALL_POLICIES } from './policies/catalogue.js';
export {
  CALLBACK_DAYS,
  CALLBACK_DUE,
  CALLBACK_PARTS_OF_DAY,
  CATEGORY_RESOLVE,
  CLOCK_PROFILE,
  INTAKE,
  KIND_RESOLVE,
  RECURRENCE_COUNT,
  RECURRENCE_DAYS,
  TICKET_POLICIES,
} from './policies/ticket-policies.js';
export { FORMER_EMPLOYEE_RETENTION, ORGANISATION_POLICIES } from './policies/organisation-policies.js';
