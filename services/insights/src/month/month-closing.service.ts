import { Injectable } from '@nestjs/common';
import { MonthClosed } from '@steward/contracts';
import { Directory } from '@steward/directory';
import { newId } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { Audit, Commands, Database, inScope, type CallContext, type Page } from '@steward/platform';
import {
  closingDto,
  type CloseMonthBody,
  type MonthClosingDto,
  type MonthClosingsQuery,
} from './month-closing.dto.js';
import { branchUnknown, monthClosed, monthNotEnded } from './month-closing.errors.js';
import { ClosingStatementService } from './closing-statement.service.js';
import { MonthClosingRepository } from './month-closing.repository.js';
import { hasEnded } from './month-closing.rules.js';

/** Closes months, each once and by an explicit command only (GRP-02): every service hears of it by the fact. */
@Injectable()
export class MonthClosingService {
  constructor(
    private readonly database: Database,
    private readonly repository: MonthClosingRepository,
    private readonly directory: Directory,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly statements: ClosingStatementService,
  ) {}

  async close(ctx: CallContext, { branchId, month }: CloseMonthBody): Promise<MonthClosingDto> {
    const branch = await this.directory.branch(branchId);
    if (!branch || !inScope(ctx.scope.write, { branchId })) throw branchUnknown();
    const timeZone = branch.timeZone ?? 'UTC';
    if (!hasEnded(month, timeZone, ctx.now)) throw monthNotEnded(month);
    const id = newId(ctx.now.getTime());
    const closing = { id, branchId, month, timeZone, closedAt: ctx.now, closedBy: ctx.actor.id };
    return this.commands.execute(ctx, async (tx) => {
      if (!(await this.repository.add(tx, closing))) throw monthClosed(month);
      await this.statements.keep(tx, closing);
      await this.audit.record(tx, ctx, {
        branchId,
        entity: 'month',
        entityId: id,
        action: 'close',
        changes: [{ field: 'month', from: null, to: month }],
      });
      await this.outbox.append(tx, ctx, {
        definition: MonthClosed,
        aggregateId: id,
        branchId,
        sequence: 1,
        occurredAt: ctx.now,
        data: { monthId: id, month, closedAt: ctx.now.toISOString() },
      });
      return closingDto(closing);
    });
  }

  async list(ctx: CallContext, query: MonthClosingsQuery): Promise<Page<MonthClosingDto>> {
    const page = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    return { ...page, items: page.items.map(closingDto) };
  }
}
