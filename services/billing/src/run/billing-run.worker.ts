import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Clock } from '@steward/kernel';
import { isTransient } from '@steward/messaging';
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
import { BillingRunRepository } from './billing-run.repository.js';
import { isOpen, type BillingRun } from './billing-run.js';
import { Overtaken, RunStepService, type Before } from './run-step.service.js';

const NAME = 'billing-runs';
const EVERY_MS = 1_000;
/** Other schedulers of the service wait for their turn, so a long run gives way and goes on in the next one. */
const TURN_MS = 2_000;
const SOON_MS = 20;

type Wish = Pick<BillingRun, 'id' | 'branchId' | 'requestedAt'>;
type Step = Before & Readonly<{ placed: Promise<BillingRun | null> }>;

const NOTHING: Before = { held: Promise.resolve(), stored: Promise.resolve() };

/**
 * BIL-04: works off the open runs of all branches, one after the other, in one copy of the service at a time. A step is one
 * transaction with the run's place in it, so a killed worker loses nothing and doubles nothing; everything a step
 * writes follows from the run and the data, so it writes the same when it is repeated. Two steps of a run are under way
 * at once, so that one is computed while the other is written; they are stored in their order.
 */
@Injectable()
export class BillingRunWorker implements OnApplicationBootstrap {
  private ring: () => void = () => undefined;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly database: WorkerDatabase,
    private readonly repository: BillingRunRepository,
    private readonly steps: RunStepService,
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
    const over = () => performance.now() - began > TURN_MS;
    while (!signal.aborted) {
      const wish = await this.database.read(GROUP_SCOPE, (tx) => this.repository.next(tx));
      if (!wish) return;
      if (over()) {
        setTimeout(() => this.ring(), SOON_MS).unref();
        return;
      }
      await this.workOff(wish, () => signal.aborted || over());
    }
  }

  /** Steps of one run until it is over or time is up; what is broken for good fails the run, so that those behind it go on. */
  private async workOff(wish: Wish, timeIsUp: () => boolean): Promise<void> {
    const ctx = systemContext(NAME, scopeOf([wish.branchId]), wish.requestedAt, wish.id);
    try {
      await this.walk(ctx, wish.id, timeIsUp);
    } catch (error) {
      if (error instanceof Overtaken) return;
      if (isTransient(error)) throw error;
      this.log.error({ err: error, runId: wish.id }, 'a billing run failed');
      await this.database.transaction(ctx.scope, (tx) => this.fail(tx, wish.id, error as Error));
    }
  }

  private async walk(ctx: CallContext, id: string, timeIsUp: () => boolean): Promise<void> {
    let run = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    let before = NOTHING;
    while (run && isOpen(run) && !timeIsUp()) {
      const step = this.begin(ctx, run, before);
      try {
        await before.stored;
        run = await step.placed;
      } catch (error) {
        await step.stored.catch(() => undefined);
        throw error;
      }
      before = step;
    }
    await before.stored;
  }

  private begin(ctx: CallContext, run: BillingRun, before: Before): Step {
    const placed = Promise.withResolvers<BillingRun | null>();
    const held = Promise.withResolvers<void>();
    const progress = { placed: placed.resolve, held: held.resolve };
    const stored = this.database.transaction(ctx.scope, (tx) =>
      this.steps.take(tx, ctx, run, before, progress),
    );
    stored.then(held.resolve, (error) => [placed, held].forEach(({ reject }) => reject(error)));
    for (const { promise } of [placed, held]) promise.catch(() => undefined); // whoever waits for it is told
    return { placed: placed.promise, held: held.promise, stored };
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
