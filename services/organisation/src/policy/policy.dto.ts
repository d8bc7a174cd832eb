import { entries, flag, instant, listQuery, pageSchema } from '@steward/platform';
import { z } from 'zod';
import type { StoredPolicyValue } from './policy.entity.js';

const LEVELS = ['group', 'region', 'branch'] as const;
const key = () => z.string().min(1).max(300);
const reason = () =>
  z
    .string()
    .trim()
    .min(1)
    .max(1000)
    .describe('Why; travels with the value to all services, so no names of people here.');
const VALUE_LENGTH = 20_000;
const VALUE_ITEMS = 1000;
const value = () =>
  z
    .union([
      z.string().max(VALUE_LENGTH),
      z.number(),
      z.boolean(),
      entries(z.string().max(100), z.unknown(), VALUE_ITEMS),
      z.array(z.unknown()).max(VALUE_ITEMS),
    ])
    .describe('As the definition says: a number, a text, a duration …');

const change = {
  key: key(),
  value: value(),
  effectiveFrom: instant().optional().describe('From now on when left out.'),
  locked: z.boolean().default(false).describe('Binds the levels below (POL-02).'),
};

const EXAMPLE = {
  key: 'tickets.sla.complaint.resolve',
  value: { amount: 2, unit: 'working-days' },
  effectiveFrom: '2026-03-01T00:00:00+08:00',
  reason: '2026 年服务标准',
};

export const setPolicyBody = z
  .strictObject({ ...change, unitId: z.uuid(), reason: reason().nullish() })
  .meta({ id: 'SetPolicy', examples: [{ ...EXAMPLE, unitId: '0197a2c4-5d00-7000-8000-000000000002' }] });
export type SetPolicyBody = z.output<typeof setPolicyBody>;

export const BATCH_LIMIT = 1000;

const batchValue = z
  .strictObject({
    ...change,
    unitId: z.uuid().optional(),
    unit: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('Code of the group, region or branch, instead of its id.'),
    reason: reason().nullish().describe('When left out, the reason of the batch.'),
  })
  .refine((item) => (item.unitId === undefined) !== (item.unit === undefined), {
    message: 'name the unit by its id or by its code',
    path: ['unit'],
  });
export type BatchValue = z.output<typeof batchValue>;

export const setPoliciesBody = z
  .strictObject({ reason: reason().nullish(), values: z.array(batchValue).min(1).max(BATCH_LIMIT) })
  .meta({
    id: 'SetPolicies',
    examples: [{ reason: '2026 年服务标准', values: [{ ...EXAMPLE, unit: 'EB1' }] }],
  });
export type SetPoliciesBody = z.output<typeof setPoliciesBody>;

export const policyValueDto = z
  .object({
    id: z.uuid(),
    policyId: z.uuid(),
    key: z.string(),
    unitId: z.uuid(),
    unitKind: z.enum(LEVELS),
    version: z.int(),
    value: value(),
    effectiveFrom: instant(),
    locked: z.boolean(),
    reason: z.string().nullable(),
    setBy: z.string(),
    setAt: instant(),
  })
  .meta({ id: 'PolicyValue' });
export type PolicyValueDto = z.output<typeof policyValueDto>;

export const policiesSetDto = z
  .object({
    set: z.int(),
    unchanged: z.int().describe('Values that were there already: same unit, date, value and lock.'),
    items: z.array(policyValueDto).describe('The values that were set, in the order of the request.'),
  })
  .meta({ id: 'PoliciesSet' });
export type PoliciesSetDto = z.output<typeof policiesSetDto>;

export const policiesQuery = listQuery({
  filters: {
    key: key().optional(),
    prefix: key().optional().describe('Beginning of the key, such as `tickets.sla.`.'),
    unitId: z.uuid().optional(),
    locked: flag().optional(),
  },
  sorts: ['setAt', 'key'],
  defaultSort: '-setAt',
});
export type PoliciesQuery = z.output<typeof policiesQuery>;
export const policyPage = pageSchema(policyValueDto).meta({ id: 'PolicyValuePage' });

export const definitionDto = z
  .object({
    key: z.string().describe('May hold one placeholder, such as `{category}`.'),
    type: z.string(),
    unit: z.string().nullable(),
    default: value().nullable(),
    choices: z.array(z.string()).nullable(),
    lockable: z.boolean(),
    levels: z.array(z.enum(LEVELS)),
    setBy: z.record(z.string(), z.array(z.string())).describe('Which roles set it on which level.'),
    description: z.string(),
    source: z.string(),
  })
  .meta({ id: 'PolicyDefinition' });
export type DefinitionDto = z.output<typeof definitionDto>;
export const definitionsDto = z.object({ items: z.array(definitionDto) }).meta({ id: 'PolicyDefinitions' });

export const effectiveQuery = z.strictObject({
  unitId: z.uuid(),
  at: instant().optional().describe('Now when left out.'),
  key: key()
    .optional()
    .describe('One parameter; all when left out. One without a value answers 422 (POL-05).'),
});
export type EffectiveQuery = z.output<typeof effectiveQuery>;

export const effectiveDto = z
  .object({
    unitId: z.uuid(),
    at: instant(),
    items: z.array(
      z.object({
        key: z.string(),
        value: value().nullable(),
        version: z.int().nullable().describe('0 for a default'),
        from: z.enum([...LEVELS, 'default']).nullable(),
        effectiveFrom: instant().nullable(),
        missing: z.string().nullable().describe('What is missing and who may set it (POL-05).'),
      }),
    ),
  })
  .meta({ id: 'EffectivePolicies' });
export type EffectiveDto = z.output<typeof effectiveDto>;

export function toPolicyValueDto({ branchId: _, ...stored }: StoredPolicyValue): PolicyValueDto {
  return {
    ...stored,
    value: stored.value as PolicyValueDto['value'],
    effectiveFrom: stored.effectiveFrom.toISOString(),
    setAt: stored.setAt.toISOString(),
  };
}
