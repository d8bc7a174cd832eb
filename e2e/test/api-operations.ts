const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

export type Schema = Readonly<Record<string, unknown>>;
export type Parameter = Readonly<{
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: Schema;
}>;
export type Body = Readonly<{ contentType: string; required: boolean; schema: Schema }>;

/** One route of the API as the OpenAPI document tells it, with every reference already followed. */
export type Operation = Readonly<{
  id: string;
  method: (typeof METHODS)[number];
  /** with `{name}` for what stands in `parameters` */
  path: string;
  tag: string;
  /** who may call it: everybody, whoever has a valid token, or one of `roles` */
  access: 'public' | 'authenticated' | 'roles';
  roles: readonly string[];
  parameters: readonly Parameter[];
  body: Body | undefined;
  /** media types of the answer of success */
  answers: readonly string[];
  /** every status that the document tells of */
  statuses: readonly number[];
}>;

type Node = Record<string, unknown>;

/** Every operation of an OpenAPI 3.1 document; a route that is added later is in it by itself. */
export function operationsOf(document: unknown): Operation[] {
  const root = document as Node;
  return Object.entries((root['paths'] ?? {}) as Record<string, Node>).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) =>
      operationOf(root, path, method, item[method] as Node),
    ),
  );
}

function operationOf(root: Node, path: string, method: Operation['method'], operation: Node): Operation {
  const roles = (operation['x-roles'] ?? []) as string[];
  const open = Array.isArray(operation['security']) && operation['security'].length === 0;
  const parameters = ((operation['parameters'] ?? []) as Node[]).map((raw) => {
    const parameter = resolved(root, raw) as Node;
    return { ...parameter, required: parameter['required'] === true } as unknown as Parameter;
  });
  return {
    id: String(operation['operationId']),
    method,
    path,
    tag: ((operation['tags'] ?? []) as string[])[0] ?? '',
    access: open ? 'public' : roles.length > 0 ? 'roles' : 'authenticated',
    roles,
    parameters,
    body: bodyOf(root, operation['requestBody']),
    answers: answersOf(root, operation['responses'] as Record<string, Node>),
    statuses: Object.keys((operation['responses'] ?? {}) as Node).map(Number),
  };
}

function bodyOf(root: Node, raw: unknown): Body | undefined {
  if (!raw) return undefined;
  const body = resolved(root, raw) as { required?: boolean; content: Record<string, { schema: Schema }> };
  const [contentType, media] = Object.entries(body.content)[0]!;
  return { contentType, required: body.required === true, schema: media.schema };
}

function answersOf(root: Node, responses: Record<string, Node> = {}): string[] {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  return successes.flatMap(([, raw]) => Object.keys((resolved(root, raw) as Node)['content'] ?? {}));
}

/** The value with all its `$ref`s replaced by what they point at. A schema that contains itself is cut off as `{}`. */
export function resolved(root: unknown, value: unknown, inside: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(root, item, inside));
  if (value === null || typeof value !== 'object') return value;
  const pointer = (value as Node)['$ref'];
  if (typeof pointer !== 'string') {
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [key, resolved(root, child, inside)]),
    );
  }
  if (inside.includes(pointer)) return {};
  const target = pointer
    .slice(2)
    .split('/')
    .reduce<unknown>((node, key) => (node as Node)[key], root);
  return resolved(root, target, [...inside, pointer]);
}

/** A value that satisfies a resolved schema: its example where it has one, else the smallest that fits. */
export function exampleOf(schema: Schema): unknown {
  const examples = schema['examples'] as unknown[] | undefined;
  if (examples?.length) return examples[0];
  if ('example' in schema) return schema['example'];
  if ('const' in schema) return schema['const'];
  if ('default' in schema) return schema['default'];
  if (typeof schema['format'] === 'string') return textExample(schema);
  const variant = ['anyOf', 'oneOf', 'allOf'].find((key) => Array.isArray(schema[key]));
  if (variant) return exampleOf((schema[variant] as Schema[])[0]!);
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  return plainExample(schema);
}

function plainExample(schema: Schema): unknown {
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  const wanted = new Set((schema['required'] ?? []) as string[]);
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)
          .filter(([name]) => wanted.has(name))
          .map(([name, property]) => [name, exampleOf(property)]),
      );
    case 'array':
      return Array.from({ length: Number(schema['minItems'] ?? 0) }, () =>
        exampleOf(schema['items'] as Schema),
      );
    case 'integer':
    case 'number':
      return Number(schema['minimum'] ?? 1);
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return textExample(schema);
  }
}

function textExample(schema: Schema): string {
  switch (schema['format']) {
    case 'uuid':
      return '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e11';
    case 'date-time':
      return '2026-03-02T08:15:00.000Z';
    case 'date':
      return '2026-03-02';
    default:
      return 'x'.repeat(Math.max(1, Number(schema['minLength'] ?? 1)));
  }
}
