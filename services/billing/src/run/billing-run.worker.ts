import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Clock } from '@steward/kernel';
import { isTransient, Outbox } from '@steward/messaging';
import {
  CLOCK,
  GROUP_SCOPE,
  LOGGER,
  Scheduler,
  scopeOf,
  systemContext,
  WorkerDatabase,
  type CallContext,
  type Logger,
  type Tx,
} from '@steward/platform';
import { FeeItemRepository, type FeeItem } from '../fee-item/fee-item.repository.js';
import { BillingRunRepository } from './billing-run.repository.js';
import { isOpen, type BillingRun } from './billing-run.js';
import { tellCompleted } from './completed-fact.js';
import { ChargePartService, type Part } from './charge-part.service.js';

const NAME = 'billing-runs';
const EVERY_MS = 1_000;
/** Other schedulers of the service wait for their turn, so a long run gives way and goes on in the next one. */
const TURN_MS = 2_000;
const SOON_MS = 20;

/** A part that is assessed while the one before it is written; good for the run in that version only. */
type Ahead = Readonly<{ id: string; version: number; part: Promise<Part | null> }>;

type Wish = Pick<BillingRun, 'id' | 'branchId' | 'requestedAt'>;

/**
 * BIL-04: works off the open runs of all branches, one after the other, in one copy of the service at a time. A part is one
 * transaction with the run's place in it, so a killed worker loses nothing and doubles nothing; everything a part
 * writes follows from the run and the data, so it writes the same when it is repeated.
 */
@Injectable()
export class BillingRunWorker implements OnApplicationBootstrap {
  private ring: () => void = () => undefined;
  private ahead: Ahead | undefined;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly database: WorkerDatabase,
    private readonly repository: BillingRunRepository,
    private readonly items: FeeItemRepository,
    private readonly parts: ChargePartService,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.ring = this.scheduler.start({ name: NAME, everyMs: EVERY_MS, run: (signal) => this.turn(signal) });
  }

  /** Looks for runs before its time. */
  wake(): void {
    this.ring();
  }

  private async turn(signal: AbortSignal): Promise<void> {
    const began = performance.now();
    // what was assessed before a pause may be out of date
    this.ahead = undefined;
    while (!signal.aborted) {
      const wish = await this.database.read(GROUP_SCOPE, (tx) => this.repository.next(tx));
      if (!wish) return;
      if (performance.now() - began > TURN_MS) {
        setTimeout(() => this.ring(), SOON_MS).unref();
        return;
      }
      await this.workOff(wish);
    }
  }

  /** One part; what is broken for good fails the run, so that the runs behind it go on. */
  private async workOff(wish: Wish): Promise<void> {
    const ctx = systemContext(NAME, scopeOf([wish.branchId]), wish.requestedAt, wish.id);
    try {
      await this.database.transaction(ctx.scope, (tx) => this.part(tx, ctx, wish.id));
    } catch (error) {
      if (isTransient(error)) throw error;
      this.log.error({ err: error, runId: wish.id }, 'a billing run failed');
      await this.database.transaction(ctx.scope, (tx) => this.fail(tx, wish.id, error as Error));
    }
  }

  private async part(tx: Tx, ctx: CallContext, id: string): Promise<void> {
    const run = await this.repository.lock(tx, id);
    if (!run || !isOpen(run)) return;
    if (run.plan === null) return this.plan(tx, run);
    const item = await this.itemOf(tx, run);
    if (run.step >= run.plan.length || !item) return this.complete(tx, ctx, run);
    const part = (await this.assessedAhead(run)) ?? (await this.parts.assess(tx, run, item));
    const { drafts, problems } = part;
    const next = { ...run, ...placeAfter(run, part), version: run.version + 1 };
    this.ahead = { id: run.id, version: next.version, part: this.lookAhead(ctx, next) };
    const raised = run.dryRun
      ? drafts.map(({ amount }) => amount)
      : (await this.parts.raise(tx, ctx, run, item, drafts)).map(({ amountMinor: minor, currency }) => ({
          minor,
          currency,
        }));
    if (run.dryRun) await this.repository.addLines(tx, run, item.code, drafts);
    await this.repository.addProblems(tx, run, item.code, problems);
    const totals: Record<string, string> = { ...run.totals };
    for (const { minor, currency } of raised)
      totals[currency] = String(BigInt(totals[currency] ?? '0') + minor);
    await this.repository.save(tx, {
      ...next,
      totals,
      lookedAt: run.lookedAt + part.looked,
      charges: run.charges + raised.length,
      exceptions: run.exceptions + problems.length,
    });
  }

  private async assessedAhead({ id, version }: BillingRun): Promise<Part | null> {
    const { ahead } = this;
    this.ahead = undefined;
    return ahead?.id === id && ahead.version === version ? ahead.part : null;
  }

  /** Computes on what the next part needs, while the database writes this one. */
  private async lookAhead(ctx: CallContext, run: BillingRun): Promise<Part | null> {
    const assess = async (tx: Tx): Promise<Part | null> => {
      const item = await this.itemOf(tx, run);
      // a unit may have two shares of an item: the second has to see the charge of the first
      return item && item.kind !== 'shared' ? this.parts.assess(tx, run, item) : null;
    };
    // whatever fails here fails again, and is answered for, in the part's own transaction
    return this.database.read(ctx.scope, assess).catch(() => null);
  }

  private async itemOf(tx: Tx, { plan, step }: BillingRun): Promise<FeeItem | null> {
    const id = plan![step];
    return id === undefined ? null : this.items.find(tx, id);
  }

  private async plan(tx: Tx, run: BillingRun): Promise<void> {
    const items = await this.items.active(tx, run.branchId, run.items);
    const plan = items.filter(({ kind }) => kind !== 'single').map(({ id }) => id);
    await this.repository.save(tx, { ...run, plan, state: 'running', version: run.version + 1 });
  }

  private async complete(tx: Tx, ctx: CallContext, run: BillingRun): Promise<void> {
    const completedAt = this.clock.now();
    await this.repository.save(tx, { ...run, state: 'done', completedAt, version: run.version + 1 });
    await tellCompleted(this.outbox, tx, ctx, run, completedAt);
  }

  private async fail(tx: Tx, id: string, error: Error): Promise<void> {
    const run = await this.repository.lock(tx, id);
    if (!run || !isOpen(run)) return;
    await this.repository.save(tx, {
      ...run,
      state: 'failed',
      error: error.message.slice(0, 500),
      completedAt: this.clock.now(),
      version: run.version + 1,
    });
  }
}

const placeAfter = ({ step }: BillingRun, { last }: Part): Pick<BillingRun, 'position' | 'step'> => ({
  position: last,
  step: last === null ? step + 1 : step,
});
