import { exampleOf, type Operation, type Schema } from '../api-operations.js';
import type { Sent } from './sending.js';
import type { Samples } from './samples.js';
import { nameOf, type Place } from './world.js';

type Node = Record<string, unknown>;
/** A property of a body that points at something, with the way to it. */
export type Reference = Readonly<{
  way: readonly string[];
  name: string;
  of: (place: Place) => string | undefined;
}>;

let counter = 0;
/** A text of the place that is told apart from its others; letters, digits and a hyphen, so that it passes for a code. */
const marked = (place: Place): string => `${place.mark}-${++counter}`;

/** Digits made from the mark, for whatever wants to be a phone number. */
export const digitsOf = (mark: string): string =>
  `139${BigInt(`0x${Buffer.from(mark).toString('hex')}`)
    .toString()
    .slice(-12)}`;

const variantsOf = (schema: Schema): Schema[] =>
  ((schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined) ?? [schema];

/** The variant of a schema that is not null. */
const solid = (schema: Schema): Schema => variantsOf(schema).find(({ type }) => type !== 'null') ?? schema;

const isUuid = (schema: Schema): boolean => variantsOf(schema).some(({ format }) => format === 'uuid');

/** What the name means in this operation; throws when an id has no meaning yet. */
export function referenceOf(
  samples: Samples,
  operation: Operation,
  name: string,
  schema: Schema,
): ((place: Place) => string | undefined) | undefined {
  const known = samples.references[`${operation.path} ${name}`] ?? samples.references[name];
  if (!known && isUuid(schema)) {
    throw new Error(
      `${nameOf(operation)}: nobody knows what the id "${name}" points at. Say it in e2e/test/matrix/samples.ts, references.`,
    );
  }
  return known;
}

/** Every property of the operation's body that points at something, in lists and objects too. */
export function referencesOf(samples: Samples, operation: Operation): Reference[] {
  if (!operation.body || operation.body.contentType !== 'application/json') return [];
  const found: Reference[] = [];
  const look = (schema: Schema, way: readonly string[]): void => {
    const inner = solid(schema);
    if (inner['items']) look(inner['items'] as Schema, [...way, '0']);
    for (const [name, property] of Object.entries((inner['properties'] ?? {}) as Record<string, Schema>)) {
      const of = referenceOf(samples, operation, name, property);
      if (of) found.push({ way: [...way, name], name, of });
      else look(property, [...way, name]);
    }
  };
  look(operation.body.schema, []);
  return found;
}

function textFor(place: Place, schema: Schema): string | undefined {
  const {
    type,
    format,
    pattern,
    maxLength = Infinity,
  } = schema as Schema & { pattern?: string; maxLength?: number };
  if (type !== 'string' || format !== undefined || schema['enum']) return undefined;
  const fits = (text: string): boolean =>
    text.length <= maxLength && (pattern === undefined || new RegExp(pattern, 'u').test(text));
  return [marked(place), digitsOf(place.mark)].find(fits);
}

/** Puts the place's own values into an object: what its ids point at, marks where any text may stand. */
function filled(
  operation: Operation,
  samples: Samples,
  place: Place,
  schema: Schema,
  value: unknown,
): unknown {
  const inner = solid(schema);
  if (Array.isArray(value))
    return value.map((item) => filled(operation, samples, place, inner['items'] as Schema, item));
  if (value === null || typeof value !== 'object') return value;
  const result: Node = { ...value };
  for (const [name, property] of Object.entries((inner['properties'] ?? {}) as Record<string, Schema>)) {
    const reference = referenceOf(samples, operation, name, property);
    const meaning = samples.values[`${operation.path} ${name}`] ?? samples.values[name];
    let given = result[name];
    if (reference) {
      if (name in result || samples.alwaysGiven.includes(name)) given = reference(place);
    } else if (meaning) {
      if (name in result) given = meaning(place) ?? given;
    } else if (given !== null && typeof given === 'object') {
      given = filled(operation, samples, place, property, given);
    } else given = textFor(place, solid(property)) ?? given;
    if (given === undefined) delete result[name];
    else result[name] = given;
  }
  return result;
}

/** A body that the operation takes, with everything in it belonging to the place. */
export function valueFor(operation: Operation, samples: Samples, place: Place): unknown {
  const { schema } = operation.body!;
  return filled(operation, samples, place, schema, structuredClone(exampleOf(schema)));
}

/** A copy of a value with one of its fields replaced. */
export function replaced(value: unknown, [step, ...rest]: readonly string[], by: unknown): unknown {
  if (step === undefined) return by;
  if (value === undefined && step === '0') return [replaced(undefined, rest, by)];
  if (Array.isArray(value))
    return value.map((item, index) =>
      String(index) === step ? replaced(item, rest, by) : (item as unknown),
    );
  return { ...(value as Node), [step]: replaced((value as Node | undefined)?.[step], rest, by) };
}

/** A copy without the field that may not stand beside the one at the end of the way. */
export function without(samples: Samples, value: unknown, way: readonly string[]): unknown {
  const name = samples.instead[way.at(-1)!];
  return name === undefined ? value : replaced(value, [...way.slice(0, -1), name], undefined);
}

export const jsonBody = (value: unknown): Sent['body'] => ({
  contentType: 'application/json',
  content: JSON.stringify(value),
});

/** The body for one request: JSON by the schema, a form by the table. */
export async function bodyFor(operation: Operation, samples: Samples, place: Place): Promise<Sent['body']> {
  if (!operation.body) return undefined;
  if (operation.body.contentType === 'application/json') return jsonBody(valueFor(operation, samples, place));
  const make = samples.multipart[operation.path];
  if (!make) {
    throw new Error(
      `${nameOf(operation)} takes ${operation.body.contentType}: say what a form holds in e2e/test/matrix/samples.ts, multipart.`,
    );
  }
  const encoded = new Response(make(place));
  return {
    contentType: encoded.headers.get('content-type')!,
    content: Buffer.from(await encoded.arrayBuffer()),
  };
}
