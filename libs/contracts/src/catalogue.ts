import type { EventDefinition, PersonalDefinition } from './definition.js';
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
  TicketsAuditHeadSealed,
  InsightsAuditHeadSealed,
];

/** Every compacted topic of personal values. */
export const ALL_PERSONAL: readonly PersonalDefinition[] = [Persons];

const eventsByType = new Map(ALL_EVENTS.map((event) => [event.type, event]));

/** The definition of an event type (`tickets.ticket-completed.v1`), or undefined for a type that this build does not know. */
export function findEvent(type: string): EventDefinition | undefined {
  return eventsByType.get(type);
}
