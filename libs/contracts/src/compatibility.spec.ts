import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { type BreakingKind, checkCompatibility } from './compatibility.js';
import type { JsonSchema } from './json-schema.js';

const released = {
  ticketId: z.string().regex(/^[a-z]+$/),
  count: z.int().min(1).max(10),
  state: z.enum(['open', 'done']),
  kind: z.literal('repair'),
  title: z.string().min(2).max(20),
  dueAt: z.iso.datetime().nullable(),
  remark: z.string().optional(),
  done: z.boolean().nullable(),
  parts: z.array(z.object({ code: z.string(), size: z.int().optional() })).max(5),
  labels: z.record(z.iso.date(), z.object({ text: z.string() })),
  value: z.union([z.string(), z.number()]),
};
type Shape = z.core.$ZodShape;

const schemaOf = (shape: Shape) =>
  z.toJSONSchema(z.object(shape), { target: 'draft-7', io: 'input' }) as JsonSchema;
const without = (field: keyof typeof released) => {
  const { [field]: _gone, ...rest } = released;
  return rest;
};

const breaking: [change: string, shape: Shape, kind: BreakingKind, path: string][] = [
  ['a removed field', without('title'), 'field-removed', 'title'],
  ['a removed optional field', without('remark'), 'field-removed', 'remark'],
  ['a renamed field', { ...without('title'), heading: released.title }, 'field-removed', 'title'],
  ['a new required field', { ...released, extra: z.string() }, 'required-field-added', 'extra'],
  ['an optional field made required', { ...released, remark: z.string() }, 'field-became-required', 'remark'],
  [
    'a required field made optional',
    { ...released, title: released.title.optional() },
    'field-became-optional',
    'title',
  ],
  ['another type', { ...released, title: z.number() }, 'type-changed', 'title'],
  ['an integer made a number', { ...released, count: z.number().min(1).max(10) }, 'type-changed', 'count'],
  ['a text made a list', { ...released, title: z.array(z.string()) }, 'type-changed', 'title'],
  ['a new enum value', { ...released, state: z.enum(['open', 'done', 'lost']) }, 'enum-value-added', 'state'],
  ['a removed enum value', { ...released, state: z.enum(['open']) }, 'enum-value-removed', 'state'],
  ['another constant', { ...released, kind: z.literal('complaint') }, 'enum-value-removed', 'kind'],
  [
    'an enum where any text was',
    { ...released, title: z.enum(['aa', 'bb']) },
    'constraint-tightened',
    'title',
  ],
  ['any text where an enum was', { ...released, state: z.string() }, 'constraint-loosened', 'state'],
  ['null newly allowed', { ...released, title: released.title.nullable() }, 'alternative-added', 'title'],
  ['null no longer allowed', { ...released, dueAt: z.iso.datetime() }, 'alternative-removed', 'dueAt'],
  [
    'another kind of alternative',
    { ...released, value: z.union([z.string(), z.boolean()]) },
    'alternative-removed',
    'value',
  ],
  ['a shorter maximum', { ...released, title: z.string().min(2).max(10) }, 'constraint-tightened', 'title'],
  ['a longer maximum', { ...released, title: z.string().min(2).max(40) }, 'constraint-loosened', 'title'],
  ['a greater minimum', { ...released, count: z.int().min(2).max(10) }, 'constraint-tightened', 'count'],
  ['a smaller minimum', { ...released, count: z.int().min(0).max(10) }, 'constraint-loosened', 'count'],
  ['a new maximum', { ...released, remark: z.string().max(9).optional() }, 'constraint-tightened', 'remark'],
  ['a dropped maximum', { ...released, title: z.string().min(2) }, 'constraint-loosened', 'title'],
  [
    'another pattern',
    { ...released, ticketId: z.string().regex(/^[0-9]+$/) },
    'constraint-changed',
    'ticketId',
  ],
  [
    'a new pattern',
    { ...released, remark: z.string().regex(/^x/).optional() },
    'constraint-tightened',
    'remark',
  ],
  ['a dropped pattern', { ...released, ticketId: z.string() }, 'constraint-loosened', 'ticketId'],
  ['another format', { ...released, dueAt: z.iso.date().nullable() }, 'constraint-changed', 'dueAt'],
  ['fewer items', { ...released, parts: released.parts.max(3) }, 'constraint-tightened', 'parts'],
  [
    'a field gone in items',
    { ...released, parts: z.array(z.object({ code: z.string() })).max(5) },
    'field-removed',
    'parts[].size',
  ],
  [
    'a field required in record values',
    { ...released, labels: z.record(z.iso.date(), z.object({ text: z.string(), tone: z.int() })) },
    'required-field-added',
    'labels.*.tone',
  ],
  [
    'other keys of a record',
    { ...released, labels: z.record(z.string(), z.object({ text: z.string() })) },
    'constraint-loosened',
    'labels.*',
  ],
  [
    'closed against unknown fields',
    { ...released, labels: z.strictObject({ text: z.string() }) },
    'constraint-changed',
    'labels.*',
  ],
];

describe('PTR-04 checkCompatibility finds what could break a partner', () => {
  it.each(breaking)('%s', (_change, shape, kind, path) => {
    const found = checkCompatibility(schemaOf(released), schemaOf(shape));
    expect(found).toContainEqual(expect.objectContaining({ kind, path }));
  });

  it('a keyword that it does not know', () => {
    const before = { type: 'object', 'x-rule': 1 };
    expect(checkCompatibility(before, { type: 'object', 'x-rule': 2 })).toMatchObject([
      { kind: 'constraint-changed' },
    ]);
  });

  it('every change at once, each by its path', () => {
    const shape = { ...without('title'), state: z.enum(['done', 'lost']), extra: z.string() };
    const kinds = checkCompatibility(schemaOf(released), schemaOf(shape)).map(
      ({ kind, path }) => `${kind} ${path}`,
    );
    expect(kinds.sort()).toEqual([
      'enum-value-added state',
      'enum-value-removed state',
      'field-removed title',
      'required-field-added extra',
    ]);
  });
});

describe('PTR-04 checkCompatibility lets pass', () => {
  const free: [change: string, shape: Shape][] = [
    ['the same schema', released],
    ['a new optional field', { ...released, extra: z.string().optional() }],
    [
      'a new optional field in items',
      {
        ...released,
        parts: z
          .array(z.object({ code: z.string(), size: z.int().optional(), hue: z.string().optional() }))
          .max(5),
      },
    ],
    ['other words of description', { ...released, title: released.title.describe('What it is about.') }],
    [
      'another order of fields, values and alternatives',
      {
        ...Object.fromEntries(Object.entries(released).reverse()),
        state: z.enum(['done', 'open']),
        value: z.union([z.number(), z.string()]),
      },
    ],
  ];

  it.each(free)('%s', (_change, shape) => {
    expect(checkCompatibility(schemaOf(released), schemaOf(shape))).toEqual([]);
  });
});
