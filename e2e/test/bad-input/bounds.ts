import type { Operation, Schema } from '../api-operations.js';

const BOUNDED_TEXT = ['maxLength', 'format', 'enum', 'const', 'pattern'];

/** The parts of a request's schema that let a value be as long, as many or as great as it likes. */
export function unboundedIn(operation: Operation): string[] {
  const { body, parameters, method, path } = operation;
  const found = [
    ...parameters.flatMap(({ name, schema }) => unbounded(schema, name)),
    ...(body ? unbounded(body.schema, 'body') : []),
  ];
  return found.map((place) => `${method} ${path}: ${place}`);
}

function unbounded(schema: Schema, at: string): string[] {
  const { type } = schema;
  const own = [
    ...(type === 'string' && !textIsBounded(schema) ? [`${at} has no maxLength`] : []),
    ...(type === 'array' && schema['maxItems'] === undefined ? [`${at} has no maxItems`] : []),
    ...(type === 'integer' && !numberIsBounded(schema) ? [`${at} has no minimum or maximum`] : []),
    ...(isMap(schema) && schema['maxProperties'] === undefined ? [`${at} has no maxProperties`] : []),
  ];
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  const variants = ['anyOf', 'oneOf'].flatMap((kind) => (schema[kind] ?? []) as Schema[]);
  return [
    ...own,
    ...properties.flatMap(([name, part]) => unbounded(part, `${at}.${name}`)),
    ...variants.flatMap((variant) => unbounded(variant, at)),
    ...inside(schema, 'items', at),
    ...inside(schema, 'additionalProperties', at),
    ...inside(schema, 'propertyNames', at),
  ];
}

function inside(schema: Schema, name: string, at: string): string[] {
  const part = schema[name];
  return part !== null && typeof part === 'object' ? unbounded(part as Schema, `${at}.${name}`) : [];
}

function textIsBounded(schema: Schema): boolean {
  const parts = [schema, ...((schema['allOf'] ?? []) as Schema[])];
  return parts.some((part) => BOUNDED_TEXT.some((name) => name in part));
}

const numberIsBounded = (schema: Schema): boolean =>
  ['minimum', 'exclusiveMinimum'].some((name) => name in schema) &&
  ['maximum', 'exclusiveMaximum'].some((name) => name in schema);

const isMap = (schema: Schema): boolean =>
  schema['type'] === 'object' && typeof schema['additionalProperties'] === 'object';
