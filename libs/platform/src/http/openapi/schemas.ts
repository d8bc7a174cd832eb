import type { SwaggerDocumentOptions } from '@nestjs/swagger';
import { z } from 'zod';

type Converter = NonNullable<SwaggerDocumentOptions['standardSchemaConverter']>;
type Json = Record<string, unknown>;

const OUR_REF = '#/$defs/';

// What JSON Schema cannot say of itself: how such values look in our JSON.
function overrideKinds(context: {
  zodSchema: z.core.$ZodType;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  if (context.zodSchema._zod.def.type === 'date')
    Object.assign(context.jsonSchema, { type: 'string', format: 'date-time' });
}

function renameRefs(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => renameRefs(item, names));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const renamed = key === '$ref' && typeof item === 'string' && names.get(item.replace(OUR_REF, ''));
      return [key, renamed ? OUR_REF + renamed : renameRefs(item, names)];
    }),
  );
}

/**
 * Turns zod schemas into JSON Schema of the 2020-12 dialect, as OpenAPI 3.1 uses it. A schema named by `.meta({ id })`
 * becomes a component; where its input and its output differ (defaults, transforms), the input is named `<id>Input`.
 * Make one converter per document: it remembers which component stands under which name.
 */
export function schemaConverter(): Converter {
  const known = new Map<string, string>();
  return (schema, { schemaType }) => {
    if (!(schema instanceof z.core.$ZodType)) return undefined;
    const json = z.toJSONSchema(schema, {
      io: schemaType,
      unrepresentable: 'any',
      override: overrideKinds,
    }) as Json;
    const definitions = (json.$defs ?? {}) as Record<string, Json>;
    const names = new Map<string, string>();
    for (const [id, definition] of Object.entries(definitions)) {
      const text = JSON.stringify(definition);
      const clash = known.has(id) && known.get(id) !== text;
      const name = clash ? `${id}${schemaType === 'input' ? 'Input' : 'Output'}` : id;
      known.set(name, text);
      if (clash) names.set(id, name);
    }
    const { $schema: _dialect, $defs: _definitions, ...rest } = json;
    const components = Object.fromEntries(
      Object.entries(definitions).map(([id, definition]) => [
        names.get(id) ?? id,
        renameRefs(definition, names),
      ]),
    );
    return { schema: renameRefs(rest, names), components };
  };
}
