import fc from 'fast-check';
import type { Schema } from '../api-operations.js';
import { SECRET } from './verdict.js';

/** One change to a sound value: which place of it, and which of the bad values of that place. */
type Mutation = Readonly<{ place: number; choice: number; noise: string }>;

type Place = Readonly<{ path: readonly (string | number)[]; schema: Schema; value: unknown }>;

const MAX_REPEATED = 3000;

const OTHER_TYPES: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 1.5, 1e308, -1e308, 5e-324, 2 ** 53 + 2, 1e21],
  ...['', ' ', '12.30abc', '1e400', SECRET, 'null', '[object Object]'],
  ...[[], [null], [[[]]], {}, { unknown: SECRET }, { '': 1 }, { length: 3 }],
];

const TEXTS: readonly string[] = [
  ...['\u0000', `${SECRET}\u0000`, '\ud800', 'x\udfff', '\ufeff', '\u202e\u2066', 'e\u0301'.repeat(50)],
  ...[
    "'; drop table ticket; --",
    '${jndi:ldap://x}',
    '../../etc/passwd',
    '<script>',
    '%00',
    '\\',
    '"',
    '\r\n',
  ],
];

const TIMES: readonly string[] = [
  ...['0000-01-01T00:00:00Z', '-271821-04-20T00:00:00.000Z', '+275760-09-13T00:00:00.000Z'],
  ...['9999-12-31T23:59:59Z', '2025-02-29T00:00:00Z', '2024-02-30T00:00:00Z', '1900-02-29T00:00:00Z'],
  ...['2026-03-01T24:00:00Z', '2026-03-01T00:00:60Z', '2026-03-01T00:00:00+24:00', '2026-03-01T00:00:00'],
  ...['2026-03-01', '2026-3-1', '20260301T000000Z', '1767225600000', 'now', 'infinity', '-infinity'],
  `2026-03-01T00:00:00.${'0'.repeat(5000)}Z`,
  ...['0000-01-01', '2025-02-29', '10000-01-01', '2026-13-01', '2026-00-10', '0000-00', '9999-12', '2026-13'],
];

const IDS: readonly string[] = [
  ...['not-a-uuid', '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e1', '{0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e11}'],
  ...['0198c0de7d2a7a519d3c2f1b6c0a9e11', '0198c0de-7d2a-0a51-9d3c-2f1b6c0a9e11', 'urn:uuid:0'],
];

function badTexts(schema: Schema): string[] {
  const most = Number(schema['maxLength'] ?? 0);
  const beyond = most > 0 && most <= 200_000 ? ['x', '水', '😀'].map((sign) => sign.repeat(most + 1)) : [];
  const words = ((schema['enum'] ?? []) as unknown[]).filter((word) => typeof word === 'string');
  const alike = words.slice(0, 3).flatMap((word) => [word.toUpperCase(), ` ${word}`, `${word}x`]);
  return [...TEXTS, ...TIMES, ...IDS, ...beyond, ...alike];
}

function badNumbers(schema: Schema): number[] {
  const bounds = ['minimum', 'maximum'].map((name) => schema[name]).filter((bound) => bound !== undefined);
  return bounds.flatMap((bound) => [Number(bound) - 1, Number(bound) + 1, Number(bound) + 0.5]);
}

function badArrays(schema: Schema, value: unknown): unknown[] {
  if (!Array.isArray(value)) return [];
  const most = Number(schema['maxItems'] ?? 0);
  const item = (value as unknown[])[0] ?? null;
  const beyond = most > 0 && most <= MAX_REPEATED ? [Array.from({ length: most + 1 }, () => item)] : [];
  return [...beyond, [...(value as unknown[]), null], [value], []];
}

function badObjects(schema: Schema, value: unknown): unknown[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [];
  const required = (schema['required'] ?? []) as string[];
  const without = required.map((name) =>
    Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)),
  );
  const most = Number(schema['maxProperties'] ?? 0);
  const crowd =
    most > 0 && most <= MAX_REPEATED ? Array.from({ length: most + 1 }, (_, i) => [`k${i}`, 1]) : [];
  const grown: unknown[] = [
    { ...value, unknown: SECRET },
    { ...value, ['__proto__']: { admin: true } },
    { ...value, constructor: { prototype: {} } },
  ];
  return [...without, ...grown, ...(crowd.length > 0 ? [Object.fromEntries(crowd)] : []), [value]];
}

/** The bad values of one place; the same for the same place, so that a mutation stays what it is when it shrinks. */
export function badValues(schema: Schema, value: unknown, noise: string): unknown[] {
  const variants = ((schema['anyOf'] ?? schema['oneOf'] ?? []) as Schema[]).flatMap((variant) => [
    ...badTexts(variant),
    ...badNumbers(variant),
  ]);
  return [
    ...OTHER_TYPES,
    ...badTexts(schema),
    ...badNumbers(schema),
    ...variants,
    ...badArrays(schema, value),
    ...badObjects(schema, value),
    noise,
  ];
}

function placesOf(value: unknown, schema: Schema, path: Place['path'] = []): Place[] {
  const own = { path, schema, value };
  if (Array.isArray(value)) {
    const items = (schema['items'] ?? {}) as Schema;
    return [own, ...(value as unknown[]).flatMap((item, index) => placesOf(item, items, [...path, index]))];
  }
  if (value === null || typeof value !== 'object') return [own];
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const more = typeof schema['additionalProperties'] === 'object' ? schema['additionalProperties'] : {};
  const parts = Object.entries(value).flatMap(([name, part]) =>
    placesOf(part, properties[name] ?? (more as Schema), [...path, name]),
  );
  return [own, ...parts];
}

function replaced(value: unknown, path: Place['path'], next: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return next;
  if (Array.isArray(value))
    return (value as unknown[]).map((item, index) => (index === head ? replaced(item, rest, next) : item));
  const parts = Object.entries(value as Record<string, unknown>).map(([name, part]) => [
    name,
    name === head ? replaced(part, rest, next) : part,
  ]);
  return Object.fromEntries(parts);
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(200),
  choice: fc.nat(500),
  noise: fc.string({ unit: 'binary', maxLength: 300 }),
});

function mutate(value: unknown, schema: Schema, { place, choice, noise }: Mutation): unknown {
  const places = placesOf(value, schema);
  const { path, schema: part, value: old } = places[place % places.length]!;
  const bad = badValues(part, old, noise);
  return replaced(value, path, bad[choice % bad.length]);
}

/** A sound value with one to three of its places spoilt. */
export const spoilt = (sound: fc.Arbitrary<unknown>, schema: Schema): fc.Arbitrary<unknown> =>
  fc
    .tuple(sound, fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(([value, mutations]) => mutations.reduce((spoiling, next) => mutate(spoiling, schema, next), value));
