import { CustomerPersons } from './accounts/persons.v1.js';
import * as contexts from './contexts.js';
import type { EventDefinition, PersonalDefinition } from './definition.js';
import { Persons } from './organisation/persons.v1.js';

/** Every event of the platform, by context and name. */
export const ALL_EVENTS: readonly EventDefinition[] = Object.values(contexts).flatMap((events) =>
  Object.values<EventDefinition>(events),
);

/** Every compacted topic of personal values. */
export const ALL_PERSONAL: readonly PersonalDefinition[] = [Persons, CustomerPersons];

const eventsByType = new Map(ALL_EVENTS.map((event) => [event.type, event]));

/** The definition of an event type (`tickets.ticket-completed.v1`), or undefined for a type that this build does not know. */
export function findEvent(type: string): EventDefinition | undefined {
  return eventsByType.get(type);
}
