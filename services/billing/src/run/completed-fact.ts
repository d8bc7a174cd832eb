import { BillingRunCompleted } from '@steward/contracts';
import { DEFAULT_CURRENCY, moneyToJson } from '@steward/kernel';
import type { Outbox } from '@steward/messaging';
import type { CallContext, Tx } from '@steward/platform';
import type { BillingRun } from './billing-run.js';

/** The fact that a run is done (a dry run states nothing); its total is of the currency that it charged most in. */
export async function tellCompleted(
  outbox: Outbox,
  tx: Tx,
  ctx: CallContext,
  run: BillingRun,
  at: Date,
): Promise<void> {
  if (run.dryRun) return;
  const [currency, minor] = Object.entries(run.totals).sort(([, a], [, b]) =>
    BigInt(a) < BigInt(b) ? 1 : -1,
  )[0] ?? [DEFAULT_CURRENCY, '0'];
  const { id: billingRunId, branchId, period, charges, exceptions } = run;
  await outbox.append(tx, ctx, {
    definition: BillingRunCompleted,
    aggregateId: billingRunId,
    branchId,
    sequence: 1,
    occurredAt: at,
    data: {
      billingRunId,
      period,
      charges,
      exceptions,
      total: moneyToJson({ minor: BigInt(minor), currency }),
      completedAt: at.toISOString(),
    },
  });
}
