import fc from 'fast-check';
import { exampleOf, type Schema } from '../api-operations.js';

const MAX_OPTIONAL_ITEMS = 3;

const hasExample = (schema: Schema): boolean => 'example' in schema || 'examples' in schema;

/** Values that mostly satisfy a resolved schema: the sound part of a bad request. */
export function soundValue(schema: Schema): fc.Arbitrary<unknown> {
  const made = madeValue(schema);
  if (!hasExample(schema)) return made;
  return fc.oneof({ weight: 2, arbitrary: fc.constant(exampleOf(schema)) }, { weight: 1, arbitrary: made });
}

function madeValue(schema: Schema): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const variants = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined;
  if (variants) return fc.oneof(...variants.map(soundValue));
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'object':
      return madeObject(schema);
    case 'array': {
      const least = Number(schema['minItems'] ?? 0);
      const most = Math.min(Number(schema['maxItems'] ?? Infinity), least + MAX_OPTIONAL_ITEMS);
      return fc.array(soundValue((schema['items'] ?? {}) as Schema), { minLength: least, maxLength: most });
    }
    case 'integer':
    case 'number':
      return fc.integer({
        min: Number(schema['minimum'] ?? -1000),
        max: Math.min(Number(schema['maximum'] ?? 1000), 1_000_000),
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return madeText(schema);
    default:
      return fc.constantFrom<unknown>('text', 1, true, { amount: 2, unit: 'working-days' });
  }
}

function madeObject(schema: Schema): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  const known = fc.record(Object.fromEntries(properties.map(([name, part]) => [name, soundValue(part)])), {
    requiredKeys: (schema['required'] ?? []) as string[],
    noNullPrototype: true,
  });
  const more = schema['additionalProperties'];
  if (properties.length > 0 || more === undefined || typeof more !== 'object') return known;
  const names = madeText((schema['propertyNames'] ?? { type: 'string' }) as Schema);
  const options = { maxKeys: MAX_OPTIONAL_ITEMS, noNullPrototype: true };
  return fc.dictionary(names as fc.Arbitrary<string>, soundValue(more as Schema), options);
}

function madeText(schema: Schema): fc.Arbitrary<unknown> {
  switch (schema['format']) {
    case 'uuid':
      return fc.uuid({ version: [4, 7] });
    case 'date-time':
    case 'date':
      return fc.constant(exampleOf(schema));
    default: {
      if ('pattern' in schema || 'allOf' in schema) return fc.constantFrom('EB1', '08:30', 'Asia/Shanghai');
      const least = Number(schema['minLength'] ?? 0);
      const most = Math.min(Number(schema['maxLength'] ?? Infinity), least + 20);
      return fc.string({ unit: 'grapheme', minLength: least, maxLength: most });
    }
  }
}
