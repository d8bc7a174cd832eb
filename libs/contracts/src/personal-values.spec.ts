import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ALL_EVENTS } from './catalogue.js';
import { id, instant, slug } from './fields.js';
import { type JsonSchema, jsonSchemaOf } from './json-schema.js';
import { ALLOWED_FIELDS, suspectFields } from './personal-values.js';

const pathsIn = (shape: z.core.$ZodShape) =>
  suspectFields(z.toJSONSchema(z.object(shape), { target: 'draft-7', io: 'input' }) as JsonSchema).map(
    ({ path }) => path,
  );

describe('ORG-03 ORG-04 personal values never travel in the event history', () => {
  it.each(ALL_EVENTS.map((event) => [event.type, event] as const))('%s carries none', (type, event) => {
    const allowed = ALLOWED_FIELDS[type] ?? {};
    expect(suspectFields(jsonSchemaOf(event)).filter(({ path }) => !(path in allowed))).toEqual([]);
  });

  it('each exception is still needed and gives its reason', () => {
    for (const [type, allowed] of Object.entries(ALLOWED_FIELDS)) {
      const event = ALL_EVENTS.find((candidate) => candidate.type === type);
      const suspects = event === undefined ? [] : suspectFields(jsonSchemaOf(event)).map(({ path }) => path);
      expect([type, suspects.sort()]).toEqual([type, Object.keys(allowed).sort()]);
      expect(Object.values(allowed).every((reason) => reason.length > 10)).toBe(true);
    }
  });
});

describe('suspectFields', () => {
  it.each([
    'name',
    'phone',
    'email',
    'address',
    'content',
    'customerName',
    'mobilePhone',
    'witness',
    'plate',
    'contact_phone',
  ])('finds %s, whatever its form', (field) => {
    expect(pathsIn({ [field]: slug() })).toEqual([field]);
    expect(pathsIn({ [field]: z.string().max(20).nullable() })).toEqual([field]);
    expect(pathsIn({ [field]: z.string().nullish() })).toEqual([field]);
  });

  it('finds free text under a harmless name, and values of any type', () => {
    expect(
      pathsIn({ outcome: z.string().max(500), extra: z.unknown(), more: z.string().optional() }),
    ).toEqual(['outcome', 'extra', 'more']);
  });

  it('looks into objects, lists, records and alternatives', () => {
    const shape = {
      parties: z.array(z.object({ phone: z.string() })),
      byDay: z.record(z.iso.date(), z.string()),
      either: z.union([z.int(), z.object({ address: slug() })]),
    };
    expect(pathsIn(shape)).toEqual(['parties[].phone', 'byDay.*', 'either.address']);
  });

  it('lets pass ids, instants, words of a list and numbers', () => {
    expect(
      pathsIn({ customerId: id(), personId: id(), at: instant(), reason: slug(), nameCount: z.int() }),
    ).toEqual([]);
  });
});
