import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { CLOCK, type CallContext, type Tx } from '@steward/platform';
import { FeeItemRepository, type FeeItem } from '../fee-item/fee-item.repository.js';
import { BillingRunRepository } from './billing-run.repository.js';
import { isOpen, type BillingRun } from './billing-run.js';
import { tellCompleted } from './completed-fact.js';
import { ChargePartService, type Part } from './charge-part.service.js';

/** The run is not where a step began: it was cancelled, or somebody else works on it. The step is taken back. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** The step before: `held` when it waits for no account any more, `stored` when it is committed. */
export type Before = Readonly<{ held: Promise<unknown>; stored: Promise<unknown> }>;

/** What a step tells on its way. */
export type Progress = Readonly<{
  /** Where the run stands after the step; null: it is over. What it charged is not counted in yet. */
  placed: (next: BillingRun | null) => void;
  /** The step's accounts are locked. */
  held: () => void;
}>;

/**
 * One step of a run, in one transaction with the run's place in it. A step may begin while the one before is being
 * written: it takes accounts only after that one has its own, so neither waits for the other's, and it is stored after it.
 */
@Injectable()
export class RunStepService {
  constructor(
    private readonly repository: BillingRunRepository,
    private readonly items: FeeItemRepository,
    private readonly parts: ChargePartService,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Plans the run, charges its next part or completes it. @throws Overtaken when the run is not as given. */
  async take(tx: Tx, ctx: CallContext, run: BillingRun, before: Before, progress: Progress): Promise<void> {
    if (run.plan === null) return this.plan(tx, run, before, progress);
    const item = await this.itemOf(tx, run);
    if (!item) return this.complete(tx, ctx, run, before, progress);
    // a unit may have two shares of an item: the second has to see the charge of the first
    if (item.kind === 'shared') await before.stored;
    const part = await this.parts.assess(tx, run, item);
    const lookedAt = run.lookedAt + part.looked;
    const next = { ...run, ...placeAfter(run, part), lookedAt, version: run.version + 1 };
    progress.placed(next);
    await before.held;
    const raised = await this.raise(tx, ctx, run, item, part, progress);
    const { charges, exceptions, totals } = await this.current(tx, run, before);
    const now = { ...run, charges, exceptions };
    if (run.dryRun) await this.repository.addLines(tx, now, item.code, part.drafts);
    await this.repository.addProblems(tx, now, item.code, part.problems);
    await this.repository.save(tx, {
      ...next,
      totals: withAmounts(totals, raised),
      charges: charges + raised.length,
      exceptions: exceptions + part.problems.length,
    });
  }

  private async raise(
    tx: Tx,
    ctx: CallContext,
    run: BillingRun,
    item: FeeItem,
    { drafts }: Part,
    { held }: Progress,
  ): Promise<Amount[]> {
    if (run.dryRun) {
      held();
      return drafts.map(({ amount }) => amount);
    }
    const raised = await this.parts.raise(tx, ctx, run, item, drafts, held);
    return raised.map(({ amountMinor: minor, currency }) => ({ minor, currency }));
  }

  /** The run as the step before left it, locked until the end of the transaction. */
  private async current(tx: Tx, { id, version }: BillingRun, before: Before): Promise<BillingRun> {
    await before.stored;
    const current = await this.repository.lock(tx, id);
    if (!current || !isOpen(current) || current.version !== version) throw new Overtaken();
    return current;
  }

  private async itemOf(tx: Tx, { plan, step }: BillingRun): Promise<FeeItem | null> {
    const id = plan![step];
    return id === undefined ? null : this.items.find(tx, id);
  }

  private async plan(tx: Tx, run: BillingRun, before: Before, { placed }: Progress): Promise<void> {
    const current = await this.current(tx, run, before);
    const items = await this.items.active(tx, run.branchId, run.items);
    const plan = items.filter(({ kind }) => kind !== 'single').map(({ id }) => id);
    const next: BillingRun = { ...current, plan, state: 'running', version: run.version + 1 };
    await this.repository.save(tx, next);
    placed(next);
  }

  private async complete(
    tx: Tx,
    ctx: CallContext,
    run: BillingRun,
    before: Before,
    { placed }: Progress,
  ): Promise<void> {
    const current = await this.current(tx, run, before);
    const completedAt = this.clock.now();
    await this.repository.save(tx, { ...current, state: 'done', completedAt, version: run.version + 1 });
    await tellCompleted(this.outbox, tx, ctx, current, completedAt);
    placed(null);
  }
}

type Amount = Readonly<{ minor: bigint; currency: string }>;

function withAmounts(totals: BillingRun['totals'], amounts: readonly Amount[]): Record<string, string> {
  const sums: Record<string, string> = { ...totals };
  for (const { minor, currency } of amounts) sums[currency] = String(BigInt(sums[currency] ?? '0') + minor);
  return sums;
}

const placeAfter = ({ step }: BillingRun, { last }: Part): Pick<BillingRun, 'position' | 'step'> => ({
  position: last,
  step: last === null ? step + 1 : step,
});
