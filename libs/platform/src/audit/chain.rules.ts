import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/** What the seal covers: the trail row as the database gives it back. */
export type SealedContent = Readonly<{
  id: string;
  branch_id: string | null;
  entity: string;
  entity_id: string;
  action: string;
  actor: string;
  at: Date;
  correlation_id: string;
  reason: string | null;
  changes: unknown;
}>;

/** The hash before the first row of every chain. */
export const GENESIS = Buffer.alloc(32);

/** SHA-256 over the previous hash, the row's place in the chain and its content. */
export function sealHash(previous: Buffer, sequence: bigint, row: SealedContent): Buffer {
  const content = canonicalJson([
    sequence.toString(),
    row.id,
    row.branch_id,
    row.entity,
    row.entity_id,
    row.action,
    row.actor,
    row.at.toISOString(),
    row.correlation_id,
    row.reason,
    row.changes,
  ]);
  return createHash('sha256').update(previous).update(content).digest();
}
