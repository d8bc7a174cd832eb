import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@steward/kernel';
import { z } from 'zod';
import { checkScope, defineEvent, definePersonal } from './definition.js';

const KeyHandedOver = defineEvent({
  context: 'premises',
  name: 'key-handed-over',
  version: 2,
  aggregate: 'key',
  scope: 'branch',
  title: 'Key handed over',
  description: 'A key changed hands.',
  schema: z.object({
    keyId: z.string(),
    rounds: z.array(z.object({ at: z.iso.datetime() })),
    tags: z.record(z.string(), z.object({ level: z.int() })),
    note: z.string().optional(),
  }),
  sample: { keyId: 'k-1', rounds: [{ at: '2026-03-01T00:00:00Z' }], tags: { cellar: { level: -1 } } },
});

function refusalOf(run: () => unknown): DomainError {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('defineEvent', () => {
  it('names type and topic; a later version of an event stays on the topic of its context', () => {
    expect(KeyHandedOver.type).toBe('premises.key-handed-over.v2');
    expect(KeyHandedOver.topic).toBe('premises.v1');
    expect(KeyHandedOver.kind).toBe('event');
  });

  it('gives the checked data to producers and consumers', () => {
    expect(KeyHandedOver.parseStrict(KeyHandedOver.sample)).toEqual(KeyHandedOver.sample);
    expect(KeyHandedOver.parse(KeyHandedOver.sample)).toEqual(KeyHandedOver.sample);
  });

  it('PTR-04 the producer is refused unknown fields at any depth, each by its path', () => {
    const data = {
      ...KeyHandedOver.sample,
      colour: 'red',
      rounds: [{ at: '2026-03-01T00:00:00Z' }, { at: '2026-03-02T00:00:00Z', by: 'x' }],
      tags: { cellar: { level: -1, damp: true } },
    };
    const refusal = refusalOf(() => KeyHandedOver.parseStrict(data));
    expect(refusal).toMatchObject({ kind: 'invalid', code: 'event.invalid' });
    expect(refusal.fields?.map(({ path }) => path)).toEqual(['rounds.1.by', 'tags.cellar.damp', 'colour']);
    expect(refusal.fields?.every(({ code }) => code === 'unknown-field')).toBe(true);
  });

  it('PTR-04 the consumer passes over unknown fields', () => {
    const later = { ...KeyHandedOver.sample, colour: 'red', tags: { cellar: { level: -1, damp: true } } };
    expect(KeyHandedOver.parse(later)).toEqual(KeyHandedOver.sample);
  });

  it('takes an undefined field for an absent one, as JSON does', () => {
    expect(KeyHandedOver.parseStrict({ ...KeyHandedOver.sample, note: undefined, extra: undefined })).toEqual(
      KeyHandedOver.sample,
    );
  });

  it.each(['parse', 'parseStrict'] as const)('%s lists every wrong or missing path', (check) => {
    const refusal = refusalOf(() => KeyHandedOver[check]({ rounds: [{ at: 'yesterday' }], tags: {} }));
    expect(refusal).toMatchObject({ kind: 'invalid', code: 'event.invalid' });
    expect(refusal.fields?.map(({ path }) => path).sort()).toEqual(['keyId', 'rounds.0.at']);
    expect(refusal.detail).toContain('premises.key-handed-over.v2');
  });

  it.each([null, undefined, 'text', 7, []])('refuses data that is no object: %p', (data) => {
    expect(refusalOf(() => KeyHandedOver.parse(data)).code).toBe('event.invalid');
  });

  it('ORG-03 a refusal names paths and never repeats a value', () => {
    const secret = '13800138000';
    const refusal = refusalOf(() =>
      KeyHandedOver.parseStrict({ ...KeyHandedOver.sample, keyId: 1, note: [secret] }),
    );
    expect(JSON.stringify([refusal.message, refusal.detail, refusal.fields])).not.toContain(secret);
  });
});

describe('definePersonal', () => {
  it('gives a compacted topic of its own, named by context, name and version', () => {
    const Tenants = definePersonal({
      context: 'accounts',
      name: 'tenants',
      version: 1,
      key: 'tenantId',
      title: 'Tenants',
      description: 'Latest state per tenant.',
      schema: z.object({ tenantId: z.string(), name: z.string() }),
      sample: { tenantId: 't-1', name: '李强' },
    });
    expect(Tenants).toMatchObject({
      kind: 'personal',
      topic: 'accounts.tenants.v1',
      type: 'accounts.tenants.v1',
    });
    expect(() => Tenants.parseStrict({ ...Tenants.sample, phone: '1' })).toThrow(DomainError);
  });
});

describe('checkScope', () => {
  it('ORG-01 refuses a fact of a branch without its branch, and a fact of the group with one', () => {
    const groupWide = { ...KeyHandedOver, scope: 'group' as const };
    expect(refusalOf(() => checkScope(KeyHandedOver, null))).toMatchObject({
      kind: 'invalid',
      code: 'event.wrong-scope',
    });
    expect(refusalOf(() => checkScope(groupWide, 'b-1')).code).toBe('event.wrong-scope');
    expect(() => checkScope(KeyHandedOver, 'b-1')).not.toThrow();
    expect(() => checkScope(groupWide, null)).not.toThrow();
  });

  it('takes either for an event of any scope', () => {
    const either = { ...KeyHandedOver, scope: 'any' as const };
    expect(() => checkScope(either, null)).not.toThrow();
    expect(() => checkScope(either, 'b-1')).not.toThrow();
  });
});
