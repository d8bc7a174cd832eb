import { Injectable } from '@nestjs/common';
import { conflict, moneyToJson, newId, notFound, unprocessable, type DomainError } from '@steward/kernel';
import {
  Audit,
  Commands,
  Database,
  inScope,
  requireMatch,
  rolesAt,
  type CallContext,
  type Page,
  type Tx,
} from '@steward/platform';
import { FeeItemRepository, type FeeItem } from '../fee-item/fee-item.repository.js';
import { BranchService } from '../branch/branch.service.js';
import { RUN_ROLES } from './access.js';
import type {
  BillingRunDto,
  CancelRunBody,
  RunExceptionDto,
  RunExceptionsQuery,
  RunLineDto,
  RunLinesQuery,
  RunsQuery,
  StartRunBody,
} from './billing-run.dto.js';
import { BillingRunRepository } from './billing-run.repository.js';
import { isOpen, type BillingRun } from './billing-run.js';
import { BillingRunWorker } from './billing-run.worker.js';

/** Billing runs as they are asked for, watched and stopped (BIL-04). */
@Injectable()
export class BillingRunService {
  constructor(
    private readonly database: Database,
    private readonly repository: BillingRunRepository,
    private readonly items: FeeItemRepository,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly branches: BranchService,
    private readonly worker: BillingRunWorker,
  ) {}

  /** Starts a run; one with the same wish that is still open is given instead. */
  async start(ctx: CallContext, body: StartRunBody): Promise<BillingRunDto> {
    await this.branches.writable(ctx, { branchId: body.branchId });
    const answer = await this.commands.execute(ctx, async (tx) => {
      const items = body.items && [...new Set(body.items)].sort();
      await this.checkItems(tx, body.branchId, items);
      const { run, fresh } = await this.repository.start(tx, {
        ...NEW_RUN,
        ...body,
        items,
        id: newId(ctx.now.getTime()),
        requestedBy: ctx.actor.id,
        requestedAt: ctx.now,
      });
      if (fresh) await this.record(tx, ctx, run, 'start');
      return shown(ctx, run);
    });
    this.worker.wake();
    return answer;
  }

  async cancel(ctx: CallContext, id: string, { reason }: CancelRunBody): Promise<BillingRunDto> {
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.repository.lock(tx, id);
      if (!before || !inScope(ctx.scope.write, before)) throw runNotFound();
      requireMatch(ctx, before.version);
      if (!isOpen(before)) throw conflict('billing-run.ended', `The run is ${before.state}.`);
      const after: BillingRun = {
        ...before,
        state: 'cancelled',
        completedAt: ctx.now,
        version: before.version + 1,
      };
      await this.repository.save(tx, after);
      await this.record(tx, ctx, after, 'cancel', reason);
      return shown(ctx, after);
    });
  }

  async get(ctx: CallContext, id: string): Promise<BillingRunDto> {
    const run = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    if (!run) throw runNotFound();
    return shown(ctx, run);
  }

  async list(ctx: CallContext, query: RunsQuery): Promise<Page<BillingRunDto>> {
    const page = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    return { ...page, items: page.items.map((run) => shown(ctx, run)) };
  }

  async exceptions(ctx: CallContext, id: string, query: RunExceptionsQuery): Promise<Page<RunExceptionDto>> {
    return this.partOf(ctx, id, (tx) => this.repository.exceptions(tx, id, query));
  }

  async lines(ctx: CallContext, id: string, query: RunLinesQuery): Promise<Page<RunLineDto>> {
    return this.partOf(ctx, id, (tx) => this.repository.lines(tx, id, query));
  }

  private partOf<T>(ctx: CallContext, id: string, read: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.read(ctx.scope, async (tx) => {
      if (!(await this.repository.find(tx, id))) throw runNotFound();
      return read(tx);
    });
  }

  private async checkItems(tx: Tx, branchId: string, codes: readonly string[] | null): Promise<void> {
    if (!codes) return;
    const known = await this.items.active(tx, branchId, codes);
    const missing = codes.filter((code) => !known.some((item) => item.code === code && isRun(item)));
    if (missing.length > 0)
      throw unprocessable('billing-run.item-unknown', `Runs do not charge ${missing.join(', ')} here.`, [
        { path: 'items', code: 'unknown', detail: 'The branch has no such active item that runs charge.' },
      ]);
  }

  private async record(
    tx: Tx,
    ctx: CallContext,
    run: BillingRun,
    action: string,
    reason?: string,
  ): Promise<void> {
    await this.audit.record(tx, ctx, {
      branchId: run.branchId,
      entity: 'billing-run',
      entityId: run.id,
      action,
      ...(reason === undefined ? {} : { reason }),
      changes: [
        { field: 'period', from: null, to: run.period },
        { field: 'items', from: null, to: run.items },
        { field: 'dryRun', from: null, to: run.dryRun },
        { field: 'state', from: null, to: run.state },
      ],
    });
  }
}

/** Whether runs charge the item. */
export const isRun = ({ kind }: FeeItem): boolean => kind !== 'single';

const NEW_RUN = {
  state: 'waiting',
  plan: null,
  step: 0,
  position: null,
  lookedAt: 0,
  charges: 0,
  exceptions: 0,
  totals: {},
  error: null,
  completedAt: null,
  version: 1,
} as const;

function shown(ctx: CallContext, run: BillingRun): BillingRunDto {
  const { plan, step, position: _position, lookedAt, totals, items, requestedAt, completedAt, ...rest } = run;
  const may = rolesAt(ctx, { branchId: run.branchId }).some((role) => RUN_ROLES.includes(role));
  return {
    ...rest,
    items: items && [...items],
    progress: { items: plan && plan.length, itemsDone: step, lookedAt },
    totals: Object.entries(totals).map(([currency, minor]) =>
      moneyToJson({ minor: BigInt(minor), currency }),
    ),
    requestedAt: requestedAt.toISOString(),
    completedAt: completedAt && completedAt.toISOString(),
    actions: may && isOpen(run) ? ['cancel'] : [],
  };
}

const runNotFound = (): DomainError =>
  notFound('billing-run.not-found', 'There is no such billing run in your scope.');
