import { z } from 'zod';
import type { EventDefinition, PersonalDefinition } from './definition.js';

/** A JSON Schema (draft 07) as plain data. */
export type JsonSchema = Readonly<{ [keyword: string]: unknown }>;

/**
 * The JSON Schema of an event's or a personal record's data, as partners and the compatibility check see it. Fields
 * that it does not name are allowed: consumers ignore what they do not know.
 */
export function jsonSchemaOf(definition: EventDefinition | PersonalDefinition): JsonSchema {
  return z.toJSONSchema(definition.schema, { target: 'draft-7', io: 'input', override: tidy });
}

// zod spells out what `format` and `type` already say; left in, an upgrade of zod would look like a change of contract.
function tidy({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format === 'date-time' || jsonSchema.format === 'date') delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}

/** The alternatives that a schema allows, each a schema of one type: `anyOf` and lists of types are taken apart. */
export function alternativesOf(schema: JsonSchema): JsonSchema[] {
  const { anyOf, type, ...rest } = schema;
  if (Array.isArray(anyOf))
    return (anyOf as JsonSchema[]).flatMap((inner) => alternativesOf({ ...rest, ...inner }));
  if (Array.isArray(type)) return (type as string[]).map((one) => ({ ...rest, type: one }));
  return [schema];
}
