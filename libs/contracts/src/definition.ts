import { invalid } from '@steward/kernel';
import type { z } from 'zod';
import { checkLenient, checkStrict } from './check.js';

/** Whose rows an event changes: one branch's, the group's, or either (then the event itself tells). */
export type EventScope = 'branch' | 'group' | 'any';

type Checks<T> = Readonly<{
  schema: z.ZodType<T>;
  /** A valid value; the example of the catalogue. */
  sample: T;
  /** Producer's check: every field must be known and right. Throws `invalid`, code `event.invalid`. */
  parseStrict(data: unknown): T;
  /** Consumer's check: unknown fields are dropped. Throws `invalid`, code `event.invalid`. */
  parse(data: unknown): T;
}>;

type Naming = Readonly<{
  context: string;
  name: string;
  /** Version of the schema; anything but an addition of optional fields takes the next one. */
  version: number;
  title: string;
  description: string;
  /** `<context>.<name>.v<version>`. */
  type: string;
  topic: string;
}>;

/** One event of the catalogue: a fact of the past about one aggregate, kept for good in the history. */
export type EventDefinition<T = unknown> = Naming &
  Checks<T> &
  Readonly<{ kind: 'event'; aggregate: string; scope: EventScope }>;

/** One compacted topic of personal values: the latest state per person, a tombstone after erasure (ORG-04). */
export type PersonalDefinition<T = unknown> = Naming &
  Checks<T> &
  Readonly<{ kind: 'personal'; key: string }>;

/** The type of an event's (or personal record's) data. */
export type DataOf<D extends Checks<unknown>> = D['sample'];

type EventSpec<S extends z.ZodObject> = Readonly<{
  context: string;
  name: string;
  version: number;
  aggregate: string;
  scope: EventScope;
  title: string;
  description: string;
  schema: S;
  sample: z.output<S>;
}>;

type PersonalSpec<S extends z.ZodObject> = Omit<EventSpec<S>, 'aggregate' | 'scope'> &
  Readonly<{ key: keyof z.output<S> & string }>;

/**
 * Defines an event. Takes its names, its one zod schema (plain JSON types only) and a valid sample; gives the
 * definition with `type` (`tickets.ticket-completed.v1`), `topic` (`tickets.v1`, the context's topic) and both checks.
 */
export function defineEvent<S extends z.ZodObject>(spec: EventSpec<S>): EventDefinition<z.output<S>> {
  const type = `${spec.context}.${spec.name}.v${spec.version}`;
  return Object.freeze({
    kind: 'event',
    ...spec,
    type,
    topic: `${spec.context}.v1`,
    ...checks(spec.schema, type),
  });
}

/**
 * Defines a compacted topic of personal values; `type` and `topic` are `<context>.<name>.v<version>` and `key` names
 * the field that is the message key.
 */
export function definePersonal<S extends z.ZodObject>(
  spec: PersonalSpec<S>,
): PersonalDefinition<z.output<S>> {
  const type = `${spec.context}.${spec.name}.v${spec.version}`;
  return Object.freeze({ kind: 'personal', ...spec, type, topic: type, ...checks(spec.schema, type) });
}

/**
 * Refuses a fact under the wrong scope: an event of a branch needs its branch, an event of the group has none. Throws
 * `invalid`, code `event.wrong-scope`.
 */
export function checkScope(definition: EventDefinition, branch: string | null): void {
  if (definition.scope === 'any' || (definition.scope === 'branch') === (branch !== null)) return;
  throw invalid('event.wrong-scope', `${definition.type} is an event of the ${definition.scope}`);
}

function checks<S extends z.ZodObject>(zodObject: S, type: string) {
  const schema = zodObject as unknown as z.ZodType<z.output<S>>;
  return {
    schema,
    parse: (data: unknown) => checkLenient(schema, type, data),
    parseStrict: (data: unknown) => checkStrict(schema, type, data),
  };
}
