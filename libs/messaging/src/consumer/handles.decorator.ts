import type { EventDefinition, EventEnvelope, PersonalDefinition } from '@steward/contracts';
import type { Tx } from '@steward/platform';

/** Why the handler is safe, in one line each: what a repeat does, and what an event does that comes late or early. */
export type HandlerReasons = Readonly<{ repeat: string; late: string }>;

/** The latest personal value of a key; null when it was erased: the copy must go (ORG-04). */
export type PersonalState<T = unknown> = Readonly<{
  topic: string;
  key: string;
  value: T | null;
  traceparent?: string;
}>;

/** A handler of one event. `handleMany` gets several at once, in order per key, and is used instead when it is there. */
export type EventHandler<T = unknown> = {
  handle?(tx: Tx, event: EventEnvelope<T>): Promise<void>;
  handleMany?(tx: Tx, events: readonly EventEnvelope<T>[]): Promise<void>;
};

/** A handler of personal values; a key stands in `handleMany` at most once. */
export type PersonalHandler<T = unknown> = {
  handle?(tx: Tx, record: PersonalState<T>): Promise<void>;
  handleMany?(tx: Tx, records: readonly PersonalState<T>[]): Promise<void>;
};

/** What a class said with `@Handles`. */
export type Handled = Readonly<{ definition: EventDefinition | PersonalDefinition } & HandlerReasons>;

/** A class of handlers, as Nest makes an instance of it. */
export type HandlerClass = abstract new (...args: never[]) => object;

const declared = new WeakMap<object, Handled[]>();

type TypedHandler<T> = abstract new (...args: never[]) => EventHandler<T>;
type TypedPersonalHandler<T> = abstract new (...args: never[]) => PersonalHandler<T>;

/**
 * Says which event (or compacted topic of personal values) a class handles. May stand several times for events of the
 * same shape. The transaction that a handler gets can read and write the branches of its events; the offset is
 * committed after it, so its effect, its own events and the guard against repeats are one.
 */
export function Handles<T>(
  definition: EventDefinition<T>,
  reasons: HandlerReasons,
): (handler: TypedHandler<T>) => void;
export function Handles<T>(
  definition: PersonalDefinition<T>,
  reasons: HandlerReasons,
): (handler: TypedPersonalHandler<T>) => void;
export function Handles(definition: EventDefinition | PersonalDefinition, reasons: HandlerReasons) {
  return (handler: object): void => {
    const list = declared.get(handler);
    if (list) list.push({ definition, ...reasons });
    else declared.set(handler, [{ definition, ...reasons }]);
  };
}

/** What the class handles; empty when it does not say. */
export const handledBy = (handler: object): readonly Handled[] => declared.get(handler) ?? [];
