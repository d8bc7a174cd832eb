import { alternativesOf, type JsonSchema } from './json-schema.js';

/** How a change breaks a partner: one who still sends or stored the old shape, or one who still reads by it. */
export type BreakingKind =
  | 'event-removed'
  | 'event-changed'
  | 'field-removed'
  | 'required-field-added'
  | 'field-became-required'
  | 'field-became-optional'
  | 'type-changed'
  | 'alternative-added'
  | 'alternative-removed'
  | 'enum-value-added'
  | 'enum-value-removed'
  | 'constraint-tightened'
  | 'constraint-loosened'
  | 'constraint-changed';

/** One breaking change; `path` is dotted, with `[]` for items and `*` for the values of a record. */
export type Breaking = Readonly<{ path: string; kind: BreakingKind; detail: string }>;

type Found = (kind: BreakingKind, path: string, detail: string) => void;

// Keywords whose greater value allows less, and whose greater value allows more.
const LOWER_BOUNDS = ['minLength', 'minItems', 'minProperties', 'minimum', 'exclusiveMinimum'];
const UPPER_BOUNDS = ['maxLength', 'maxItems', 'maxProperties', 'maximum', 'exclusiveMaximum'];
const STRUCTURE = [
  'type',
  'properties',
  'required',
  'items',
  'additionalProperties',
  'propertyNames',
  'anyOf',
];
const PROSE = ['$schema', '$id', 'title', 'description', 'examples', 'deprecated', '$comment'];
const HANDLED = new Set([...LOWER_BOUNDS, ...UPPER_BOUNDS, ...STRUCTURE, ...PROSE, 'enum', 'const']);

/**
 * Compares a released JSON Schema with the present one and gives every change that could break somebody (PTR-04).
 * Only one change is free: a new optional field. Looser is breaking as well, since consumers built before the change
 * refuse what it newly allows. A keyword that this check does not know counts as breaking when it differs.
 */
export function checkCompatibility(released: JsonSchema, current: JsonSchema): Breaking[] {
  const breaking: Breaking[] = [];
  compare(released, current, '', (kind, path, detail) => breaking.push({ path, kind, detail }));
  return breaking;
}

function compare(released: JsonSchema, current: JsonSchema, path: string, found: Found): void {
  const [before, after] = [alternativesOf(released), alternativesOf(current)];
  if (before.length > 1 || after.length > 1) {
    compareAlternatives(before, after, path, found);
    return;
  }
  if (!same(released['type'], current['type'])) {
    found('type-changed', path, `${show(released['type'])} became ${show(current['type'])}`);
    return;
  }
  compareEnum(released, current, path, found);
  compareBounds(released, current, path, found);
  compareOther(released, current, path, found);
  compareFields(released, current, path, found);
  compareNested(released, current, 'items', `${path}[]`, found);
  compareNested(released, current, 'additionalProperties', join(path, '*'), found);
  compareNested(released, current, 'propertyNames', join(path, '*'), found);
}

function compareFields(released: JsonSchema, current: JsonSchema, path: string, found: Found): void {
  const [before, after] = [schemasIn(released['properties']), schemasIn(current['properties'])];
  const [needed, needs] = [new Set(listOf(released['required'])), new Set(listOf(current['required']))];
  for (const [field, schema] of Object.entries(before)) {
    const at = join(path, field);
    const now = after[field];
    if (now === undefined) {
      found('field-removed', at, 'the field is gone');
      continue;
    }
    if (!needed.has(field) && needs.has(field))
      found('field-became-required', at, 'older events may lack it');
    if (needed.has(field) && !needs.has(field))
      found('field-became-optional', at, 'older consumers insist on it');
    compare(schema, now, at, found);
  }
  for (const field of Object.keys(after)) {
    if (before[field] === undefined && needs.has(field)) {
      found('required-field-added', join(path, field), 'older events lack it; a new field must be optional');
    }
  }
}

// A released alternative and a present one belong together when their types agree, or else when nothing else is left.
function compareAlternatives(
  released: JsonSchema[],
  current: JsonSchema[],
  path: string,
  found: Found,
): void {
  const added = [...current];
  for (const before of released) {
    const exact = added.findIndex((after) => same(after, before));
    const at = exact >= 0 ? exact : added.findIndex((after) => same(after['type'], before['type']));
    const after = at >= 0 ? added.splice(at, 1)[0] : undefined;
    if (after === undefined)
      found('alternative-removed', path, `${show(before['type'])} is no longer allowed`);
    else compare(before, after, path, found);
  }
  for (const after of added)
    found('alternative-added', path, `${show(after['type'])} was not allowed before`);
}

function compareEnum(released: JsonSchema, current: JsonSchema, path: string, found: Found): void {
  const [before, after] = [allowedValues(released), allowedValues(current)];
  if (before === undefined && after === undefined) return;
  if (before === undefined) return found('constraint-tightened', path, 'enum was added');
  if (after === undefined) return found('constraint-loosened', path, 'enum was dropped');
  for (const value of before) {
    if (!after.includes(value)) found('enum-value-removed', path, `${value} is no longer allowed`);
  }
  for (const value of after) {
    if (!before.includes(value)) found('enum-value-added', path, `${value} was not allowed before`);
  }
}

function compareBounds(released: JsonSchema, current: JsonSchema, path: string, found: Found): void {
  for (const keyword of [...LOWER_BOUNDS, ...UPPER_BOUNDS]) {
    const [before, after] = [released[keyword], current[keyword]];
    if (same(before, after)) continue;
    const grew = typeof before === 'number' && typeof after === 'number' && after > before;
    const tighter = before === undefined || (after !== undefined && grew === LOWER_BOUNDS.includes(keyword));
    const detail = `${keyword} ${show(before)} became ${show(after)}`;
    found(tighter ? 'constraint-tightened' : 'constraint-loosened', path, detail);
  }
}

function compareOther(released: JsonSchema, current: JsonSchema, path: string, found: Found): void {
  for (const keyword of new Set([...Object.keys(released), ...Object.keys(current)])) {
    if (HANDLED.has(keyword) || same(released[keyword], current[keyword])) continue;
    const [before, after] = [released[keyword], current[keyword]];
    const detail = `${keyword} ${show(before)} became ${show(after)}`;
    if (before === undefined) found('constraint-tightened', path, detail);
    else found(after === undefined ? 'constraint-loosened' : 'constraint-changed', path, detail);
  }
}

function compareNested(
  released: JsonSchema,
  current: JsonSchema,
  keyword: string,
  path: string,
  found: Found,
): void {
  const [before, after] = [released[keyword], current[keyword]];
  if (isSchema(before) && isSchema(after)) compare(before, after, path, found);
  else if (!same(before, after)) found('constraint-changed', path, `${keyword} changed`);
}

function allowedValues(schema: JsonSchema): string[] | undefined {
  if (schema['const'] !== undefined) return [show(schema['const'])];
  return Array.isArray(schema['enum']) ? schema['enum'].map(show) : undefined;
}

function schemasIn(value: unknown): Record<string, JsonSchema> {
  return isSchema(value) ? (value as Record<string, JsonSchema>) : {};
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? (value as string[]) : [];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}

function same(one: unknown, other: unknown): boolean {
  return show(one) === show(other);
}

// Keys in order, so that schemas compare by content.
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  return JSON.stringify(value, (_key, inner: unknown) =>
    isSchema(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
