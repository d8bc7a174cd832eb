import { z } from 'zod';
import { defineEvent } from './definition.js';
import { counter, id, instant } from './fields.js';

const schema = z.object({
  branchId: id().nullable(),
  sequence: counter(),
  hash: z.string().regex(/^[0-9A-Za-z+/=_-]{16,128}$/),
  sealedAt: instant(),
});

/**
 * Defines `<context>.audit-head-sealed.v1`: every context publishes the head of each of its audit chains (one per
 * branch, one for the group), so that a chain that was rewritten no longer fits the heads that others hold (ORG-02).
 */
export function defineAuditHeadSealed<C extends string>(context: C) {
  return defineEvent({
    context,
    name: 'audit-head-sealed',
    version: 1,
    aggregate: 'audit-chain',
    scope: 'any',
    title: 'Audit chain sealed up to a row',
    description: `The ${context} service sealed the audit rows of a branch (or, with branchId null, of the group) up to this one.`,
    schema,
    sample: {
      branchId: '0197a2c4-5d00-7000-8000-000000000002',
      sequence: 1284,
      hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      sealedAt: '2026-03-02T01:00:05.000Z',
    },
  });
}
