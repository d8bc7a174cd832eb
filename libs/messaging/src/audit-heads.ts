import { defineAuditHeadSealed } from '@steward/contracts';
import { systemContext, type PublishHeads } from '@steward/platform';
import type { Outbox } from './outbox/outbox.js';

/**
 * Publishes the heads of a service's audit chains as its `audit-head-sealed` events, so that others hold what a chain
 * was rewritten behind their back would no longer fit (ORG-02).
 */
export function publishAuditHeads(outbox: Outbox, service: string): PublishHeads {
  const definition = defineAuditHeadSealed(service);
  return async (tx, heads) => {
    const latest = heads.reduce((at, { sealedAt }) => (sealedAt > at ? sealedAt : at), new Date(0));
    const ctx = systemContext('audit-sealer', tx.scope, latest);
    await outbox.append(
      tx,
      ctx,
      heads.map((head) => ({
        definition,
        aggregateId: head.chain,
        branchId: head.branchId,
        sequence: head.publication,
        occurredAt: head.sealedAt,
        data: {
          branchId: head.branchId,
          sequence: Number(head.sequence),
          hash: head.hash.toString('hex'),
          sealedAt: head.sealedAt.toISOString(),
        },
      })),
    );
  };
}
