import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@steward/kernel';
import {
  CLOCK,
  GROUP_SCOPE,
  PLATFORM_CONFIG,
  systemContext,
  WorkerDatabase,
  type Tx,
} from '@steward/platform';
import type { PartnersConfig } from '../config.js';
import { SubscriptionRecords } from '../subscription/subscription-records.js';
import { AttemptRepository } from './attempt.repository.js';
import { pauseAfter, progressOver } from './delivery.rules.js';
import { EndpointRepository, type Endpoint } from './endpoint.repository.js';
import type { EndpointFault, ShareOutcome } from './outcome.js';
import { ParkedRepository } from './parked.repository.js';
import type { Passed } from './round.js';
import type { RoundOutcome } from './round-sender.js';

/** Positions that may be passed over, with nothing to send, before the cursor is stored. */
const PASSED = 2000;
/** Parked events of a subscription at which it is disabled: its receiver refuses everything. */
const MOST_PARKED = 10_000;

type Repositories = Readonly<{
  endpoints: EndpointRepository;
  parked: ParkedRepository;
  attempts: AttemptRepository;
}>;

@Injectable()
export class DeliveryTables {
  constructor(
    readonly endpoints: EndpointRepository,
    readonly parked: ParkedRepository,
    readonly attempts: AttemptRepository,
  ) {}
}

/** Stores what came of rounds: cursors in batches, rows for exceptions only. */
@Injectable()
export class RoundKeeper {
  private readonly tables: Repositories;

  constructor(
    private readonly database: WorkerDatabase,
    tables: DeliveryTables,
    private readonly records: SubscriptionRecords,
    @Inject(PLATFORM_CONFIG) private readonly config: Pick<PartnersConfig, 'delivery'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.tables = tables;
  }

  /** Stores a round; false when the endpoint is not this copy's any more, or is suspended or disabled by it. */
  async keep(endpoint: Endpoint, { outcomes, fault }: RoundOutcome, passed: Passed): Promise<boolean> {
    const probing = endpoint.state === 'suspended';
    const worth = fault !== null || probing || outcomes.some((outcome) => isWorth(outcome, passed));
    if (!worth) return true;
    const crowded: string[] = [];
    const held = await this.database.transaction(GROUP_SCOPE, async (tx) => {
      const exceptional = fault !== null || outcomes.some(({ parked }) => parked.length > 0);
      if (!exceptional) await tx.query('set local synchronous_commit = off');
      const holds = await this.tables.endpoints.holds(tx, endpoint);
      for (const outcome of outcomes) {
        await this.tables.attempts.insert(tx, outcome.attempts);
        if (holds && (await this.store(tx, outcome))) crowded.push(outcome.share.served.id);
      }
      if (!holds) return false;
      if (fault) await this.suspend(tx, endpoint, fault);
      else if (probing) await this.tables.endpoints.reopen(tx, endpoint.id);
      return true;
    });
    for (const id of crowded) await this.disableOne(id, 'too-many-parked');
    if (fault && this.isFinal(endpoint, fault)) await this.disable(endpoint, fault);
    return held && fault === null;
  }

  /** Stores what was only passed over, and lets go of the endpoint. */
  async letGo(endpoint: Endpoint, outcomes: readonly ShareOutcome[]): Promise<void> {
    await this.database.transaction(GROUP_SCOPE, async (tx) => {
      await tx.query('set local synchronous_commit = off');
      if (!(await this.tables.endpoints.holds(tx, endpoint))) return;
      for (const outcome of outcomes) await this.store(tx, outcome);
      await this.tables.endpoints.release(tx, endpoint);
    });
  }

  /** Stores one subscription's share; true when too much is parked. */
  private async store(tx: Tx, outcome: ShareOutcome): Promise<boolean> {
    const { endpoints, parked } = this.tables;
    const { share, done } = outcome;
    const { served } = share;
    if (!(await endpoints.lockCursor(tx, served))) return false;
    const { jobs, upTo, behind } = share;
    const pending = [...jobs.map(({ event }) => event), ...behind].toSorted(
      (a, b) => a.position - b.position,
    );
    const progress = progressOver(pending, (position) => done.has(position), upTo, served.ahead);
    if (progress.position > served.position || outcome.eventful)
      await endpoints.moveCursor(tx, served.id, progress, outcome.delivered, this.clock.now());
    await parked.insert(tx, served.partnerId, outcome.parked);
    for (const { id } of [...outcome.resent, ...share.lost]) await parked.remove(tx, id);
    for (const { id, status } of outcome.refusedAgain) await parked.refuseAgain(tx, id, status);
    if (outcome.parked.length + outcome.resent.length + share.lost.length === 0) return false;
    await parked.promote(tx, served.id);
    return outcome.parked.length > 0 && (await parked.count(tx, served.id)) > MOST_PARKED;
  }

  private async suspend(tx: Tx, endpoint: Endpoint, { error, retryAfterMs }: EndpointFault): Promise<void> {
    const list = this.config.delivery.backOffMs;
    const pauseMs = pauseAfter(endpoint.failures + 1, list, Math.random(), retryAfterMs);
    await this.tables.endpoints.suspend(tx, endpoint.id, { now: this.clock.now(), pauseMs, error });
  }

  private isFinal({ suspendedAt }: Endpoint, { verdict }: EndpointFault): boolean {
    if (verdict === 'gone') return true;
    return (
      suspendedAt !== null &&
      this.clock.now().getTime() - suspendedAt.getTime() >= this.config.delivery.giveUpMs
    );
  }

  private async disable(endpoint: Endpoint, { verdict, error }: EndpointFault): Promise<void> {
    const reason = verdict === 'gone' ? 'address-gone' : 'no-answer-for-days';
    await this.database.transaction(GROUP_SCOPE, async (tx) => {
      for (const id of await this.tables.endpoints.lockActive(tx, endpoint.id))
        await this.disableIn(tx, id, reason);
      await this.tables.endpoints.disable(tx, endpoint.id, error);
    });
  }

  private disableOne(id: string, reason: string): Promise<void> {
    return this.database.transaction(GROUP_SCOPE, (tx) => this.disableIn(tx, id, reason));
  }

  private async disableIn(tx: Tx, id: string, stateReason: string): Promise<void> {
    const ctx = systemContext('partners-delivery', tx.scope, this.clock.now());
    const before = await this.records.locked(tx, ctx, id);
    if (before.state !== 'active') return;
    const after = { ...before, state: 'disabled' as const, stateReason };
    await this.records.save(tx, ctx, before, after, { action: 'disable', reason: stateReason });
  }
}

/** Whether a share is stored now; what it only passed over is remembered until it is much. */
function isWorth(outcome: ShareOutcome, passed: Passed): boolean {
  const { served, upTo } = outcome.share;
  const from = passed.get(served.id)?.position ?? served.position;
  if (outcome.eventful || outcome.done.size > 0 || upTo - from >= PASSED) return true;
  if (outcome.share.jobs.length === 0) passed.set(served.id, { rewinds: served.rewinds, position: upTo });
  return false;
}
