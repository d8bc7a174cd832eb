import { ALL_EVENTS, ALL_PERSONAL } from './catalogue.js';
import { type Breaking, checkCompatibility } from './compatibility.js';
import type { EventDefinition, PersonalDefinition } from './definition.js';
import { type JsonSchema, jsonSchemaOf } from './json-schema.js';

/** What partners rely on besides the schema: where an event stands, what its key is, whose it is. */
export type CatalogueEntry = Readonly<{
  type: string;
  kind: 'event' | 'personal';
  topic: string;
  /** What the Kafka key identifies. */
  key: string;
  scope: string;
}>;

/** The catalogue as data: `released/index.json` and one `released/<type>.json` per entry. */
export type Catalogue = Readonly<{
  index: readonly CatalogueEntry[];
  schemas: Readonly<Record<string, JsonSchema>>;
}>;

/** The catalogue of this build. */
export function currentCatalogue(): Catalogue {
  return catalogueOf([...ALL_EVENTS, ...ALL_PERSONAL]);
}

/** The catalogue of given definitions, sorted by type. */
export function catalogueOf(definitions: readonly (EventDefinition | PersonalDefinition)[]): Catalogue {
  const sorted = [...definitions].sort((a, b) => (a.type < b.type ? -1 : 1));
  return {
    index: sorted.map(entryOf),
    schemas: Object.fromEntries(sorted.map((definition) => [definition.type, jsonSchemaOf(definition)])),
  };
}

/**
 * Compares a released catalogue with a later one: no entry may go, no topic, key or scope may change, no schema may
 * break (PTR-04). Paths start with the type.
 */
export function checkCatalogue(released: Catalogue, current: Catalogue): Breaking[] {
  const now = new Map(current.index.map((entry) => [entry.type, entry]));
  return released.index.flatMap((entry): Breaking[] => {
    const { type } = entry;
    const after = now.get(type);
    const [before, schema] = [released.schemas[type], current.schemas[type]];
    if (after === undefined || schema === undefined || before === undefined) {
      return [{ path: type, kind: 'event-removed', detail: 'a released event stays, with its schema' }];
    }
    const broken = checkCompatibility(before, schema);
    return [
      ...changesOf(entry, after),
      ...broken.map((breaking) => ({ ...breaking, path: `${type} ${breaking.path}`.trimEnd() })),
    ];
  });
}

function entryOf(definition: EventDefinition | PersonalDefinition): CatalogueEntry {
  const { type, kind, topic } = definition;
  if (definition.kind === 'personal') return { type, kind, topic, key: definition.key, scope: 'personal' };
  return { type, kind, topic, key: definition.aggregate, scope: definition.scope };
}

function changesOf(before: CatalogueEntry, after: CatalogueEntry): Breaking[] {
  const changed = (['kind', 'topic', 'key', 'scope'] as const).filter(
    (field) => before[field] !== after[field],
  );
  return changed.map((field) => ({
    path: before.type,
    kind: 'event-changed',
    detail: `${field} ${before[field]} became ${after[field]}`,
  }));
}
