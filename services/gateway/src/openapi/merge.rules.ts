/** An OpenAPI document as far as merging looks into it. */
export type OpenApiDocument = Readonly<{
  openapi?: string;
  info?: unknown;
  paths?: Readonly<Record<string, PathItem>>;
  components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  tags?: readonly Readonly<{ name: string; description?: string }>[];
}>;

type PathItem = Readonly<Record<string, unknown>>;
type Operation = Readonly<{ operationId?: string; tags?: readonly string[] }> &
  Readonly<Record<string, unknown>>;
type Components = Record<string, Record<string, unknown>>;

export type Part = Readonly<{
  service: string;
  document: OpenApiDocument;
  /** Which of its paths can be reached. */
  publishes: (path: string) => boolean;
}>;

export type Merged = Readonly<{
  paths: Record<string, Record<string, unknown>>;
  components: Components;
  tags: readonly Readonly<{ name: string; description?: string }>[];
}>;

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

/** A stable text of a value: equal values give equal texts whatever the order of their fields. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}

type Renames = ReadonlyMap<string, string>;

const pointer = (section: string, name: string): string => `#/components/${section}/${name}`;

/** The same value with every reference to a renamed component pointing at its new name. */
function withRenames(value: unknown, renames: Renames): unknown {
  if (renames.size === 0) return value;
  if (typeof value === 'string') return renames.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => withRenames(item, renames));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, withRenames(field, renames)]),
  );
}

type Component = Readonly<{ section: string; name: string; value: unknown }>;

function componentsOf(part: Part): Component[] {
  return Object.entries(part.document.components ?? {}).flatMap(([section, members]) =>
    Object.entries(members).map(([name, value]) => ({ section, name, value })),
  );
}

/**
 * The components of a part that another part has under the same name with other content. A component that refers to a
 * renamed one differs from then on too, so the search goes on until nothing new is found.
 */
function collisions(taken: Components, part: Part): Map<string, string> {
  const renames = new Map<string, string>();
  const shared = componentsOf(part).filter(({ section, name }) => taken[section]?.[name] !== undefined);
  const collides = ({ section, name, value }: Component): boolean =>
    !renames.has(pointer(section, name)) &&
    canonical(taken[section]![name]) !== canonical(withRenames(value, renames));
  for (let found = shared.find(collides); found; found = shared.find(collides)) {
    const { section, name } = found;
    renames.set(pointer(section, name), pointer(section, freeName(taken[section]!, name, part.service)));
  }
  return renames;
}

function freeName(members: Readonly<Record<string, unknown>>, name: string, service: string): string {
  const prefixed = `${service.charAt(0).toUpperCase()}${service.slice(1)}_${name}`;
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? prefixed : `${prefixed}${number}`;
    if (!(candidate in members)) return candidate;
  }
}

function addComponents(components: Components, part: Part, renames: Renames): void {
  for (const { section, name, value } of componentsOf(part)) {
    const target = renames.get(pointer(section, name))?.split('/').at(-1) ?? name;
    (components[section] ??= {})[target] ??= withRenames(value, renames);
  }
}

const tagOf = (service: string, tag: string): string =>
  tag.toLowerCase() === service.toLowerCase() ? service : `${service}: ${tag}`;

function operationOf(part: Part, operation: Operation, renames: Renames, ids: Set<string>): unknown {
  const renamed = withRenames(operation, renames) as Operation;
  const tags = operation.tags?.length
    ? operation.tags.map((tag) => tagOf(part.service, tag))
    : [part.service];
  const { operationId } = operation;
  if (operationId === undefined) return { ...renamed, tags };
  const id = ids.has(operationId) ? `${part.service}.${operationId}` : operationId;
  ids.add(id);
  return { ...renamed, operationId: id, tags };
}

function addPaths(merged: Merged, part: Part, renames: Renames, ids: Set<string>): void {
  for (const [path, item] of Object.entries(part.document.paths ?? {})) {
    if (!part.publishes(path)) continue;
    const into = (merged.paths[path] ??= {});
    for (const [name, value] of Object.entries(item)) {
      if (name in into) continue;
      into[name] = METHODS.has(name)
        ? operationOf(part, value as Operation, renames, ids)
        : withRenames(value, renames);
    }
  }
}

/**
 * Puts the documents of several services into one. Equal components are shared; those of one name with other content
 * are prefixed by their service. An address that several services answer is described by the first. Tags name the
 * service that answers.
 */
export function mergeDocuments(parts: readonly Part[]): Merged {
  const merged: Merged = { paths: {}, components: {}, tags: [] };
  const ids = new Set<string>();
  const tags = new Map<string, { name: string; description?: string }>();
  for (const part of parts) {
    const renames = collisions(merged.components, part);
    addComponents(merged.components, part, renames);
    addPaths(merged, part, renames, ids);
    for (const tag of [...(part.document.tags ?? []), { name: part.service }]) {
      const name = tagOf(part.service, tag.name);
      if (!tags.has(name)) tags.set(name, { ...tag, name });
    }
  }
  return { ...merged, tags: [...tags.values()] };
}
