import { Injectable } from '@nestjs/common';
import { moneyToJson, type MoneyJson } from '@steward/kernel';
import { Database, inScope, type CallContext, type Page } from '@steward/platform';
import { BranchService, branchUnknown } from '../branch/branch.service.js';
import type { ArrearsDto, ArrearsQuery, ArrearsSummaryDto, ArrearsSummaryQuery } from './arrears.dto.js';
import { ArrearsRepository, SUMS, type ArrearsSums } from './arrears.repository.js';
import { monthsLate } from './arrears.rules.js';

/** What customers owe, by age, at the end of any day (GRP-03). */
@Injectable()
export class ArrearsService {
  constructor(
    private readonly database: Database,
    private readonly repository: ArrearsRepository,
    private readonly branches: BranchService,
  ) {}

  async list(ctx: CallContext, query: ArrearsQuery): Promise<Page<ArrearsDto>> {
    const asOf = await this.dayOf(ctx, query);
    const page = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, { ...query, asOf }));
    return {
      items: page.items.map(({ id, oldestDueOn, ...sums }) => ({
        id,
        asOf,
        ...moneyOf(sums, query.currency),
        oldestDueOn,
        monthsLate: oldestDueOn === null ? 0 : monthsLate(oldestDueOn, asOf),
      })),
      next: page.next,
    };
  }

  async summary(ctx: CallContext, query: ArrearsSummaryQuery): Promise<ArrearsSummaryDto> {
    const asOf = await this.dayOf(ctx, query);
    const { customers, lateCustomers, ...sums } = await this.database.read(ctx.scope, (tx) =>
      this.repository.summary(tx, { ...query, asOf }),
    );
    return { asOf, ...moneyOf(sums, query.currency), customers, lateCustomers };
  }

  /** The asked day, or the branch's today. A branch out of scope is answered like one that is not there. */
  private async dayOf(ctx: CallContext, { branchId, siteId, asOf }: ArrearsSummaryQuery): Promise<string> {
    if (!inScope(ctx.scope.refs, { branchId, ...(siteId === undefined ? {} : { siteId }) }))
      throw branchUnknown();
    return asOf ?? this.branches.dayOf(branchId, ctx.now);
  }
}

const moneyOf = (sums: ArrearsSums, currency: string): Record<(typeof SUMS)[number], MoneyJson> =>
  Object.fromEntries(
    SUMS.map((name) => [name, moneyToJson({ minor: BigInt(sums[name]), currency })]),
  ) as Record<(typeof SUMS)[number], MoneyJson>;
