import type { EventDefinition, PersonalDefinition } from '@steward/contracts';
import { handledBy, type EventHandler, type PersonalHandler } from './handles.decorator.js';

/** An event type and who handles it. */
export type EventEntry = Readonly<{ definition: EventDefinition; handler: EventHandler }>;

/** A compacted topic and who handles it. */
export type PersonalEntry = Readonly<{ definition: PersonalDefinition; handler: PersonalHandler }>;

/** All that a consumer handles, by type and by compacted topic. */
export type HandlerTable = Readonly<{
  topics: readonly string[];
  events: ReadonlyMap<string, EventEntry>;
  personal: ReadonlyMap<string, PersonalEntry>;
}>;

/** Whether a definition belongs to the catalogue of contracts. */
export type KnownDefinition = (definition: EventDefinition | PersonalDefinition) => boolean;

/**
 * Makes the table of a consumer from its handlers. Throws naming every fault: a class without `@Handles`, a definition
 * outside the catalogue, a missing reason, two handlers of one event, a handler without a method.
 */
export function handlerTable(
  consumer: string,
  handlers: readonly object[],
  known: KnownDefinition,
): HandlerTable {
  const faults: string[] = [];
  const events = new Map<string, EventEntry>();
  const personal = new Map<string, PersonalEntry>();
  for (const handler of handlers) {
    const name = handler.constructor.name;
    const list = handledBy(handler.constructor);
    if (list.length === 0) faults.push(`${name} does not say with @Handles what it handles`);
    const methods = handler as EventHandler & PersonalHandler;
    if (!methods.handle && !methods.handleMany) faults.push(`${name} has neither handle nor handleMany`);
    for (const { definition, repeat, late } of list) {
      const { type } = definition;
      if (!known(definition)) faults.push(`${name} handles ${type}, which no contract defines`);
      if (!repeat?.trim()) faults.push(`${name} does not say why a repeat of ${type} is harmless`);
      if (!late?.trim()) faults.push(`${name} does not say why a late ${type} is harmless`);
      if (events.has(type) || personal.has(type))
        faults.push(`${type} has two handlers, ${name} is one of them`);
      if (definition.kind === 'event') events.set(type, { definition, handler: handler });
      else personal.set(definition.topic, { definition, handler: handler });
    }
  }
  if (handlers.length === 0) faults.push('it has no handlers');
  if (faults.length > 0) throw new Error(`consumer ${consumer}: ${faults.join('; ')}`);
  const topics = new Set([...events.values()].map(({ definition }) => definition.topic));
  return { topics: [...topics, ...personal.keys()], events, personal };
}
