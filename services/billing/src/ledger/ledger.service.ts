import { Injectable } from '@nestjs/common';
import { moneyToJson } from '@steward/kernel';
import { Database, inScope, type CallContext, type Page } from '@steward/platform';
import { branchUnknown } from '../branch/branch.service.js';
import type { EntriesQuery, EntryDto, TrialBalanceDto, TrialBalanceQuery } from './ledger.dto.js';
import { LedgerQueryRepository, type StoredEntry, type TrialLine } from './ledger-query.repository.js';

/** What the routes of the books ask for. */
@Injectable()
export class LedgerService {
  constructor(
    private readonly repository: LedgerQueryRepository,
    private readonly database: Database,
  ) {}

  async entries(ctx: CallContext, query: EntriesQuery): Promise<Page<EntryDto>> {
    const page = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    return { ...page, items: page.items.map(toEntryDto) };
  }

  async trialBalance(ctx: CallContext, query: TrialBalanceQuery): Promise<TrialBalanceDto> {
    const { branchId } = query;
    // the books of one site alone are no books of the branch
    if (!inScope(ctx.scope.read, { branchId })) throw branchUnknown();
    const lines = await this.database.read(ctx.scope, (tx) => this.repository.trialBalance(tx, query));
    const byCurrency = Map.groupBy(lines, ({ currency }) => currency);
    return {
      branchId,
      lines: lines.map(({ account, currency, debit, credit }) => ({
        account,
        debit: moneyToJson({ minor: BigInt(debit), currency }),
        credit: moneyToJson({ minor: BigInt(credit), currency }),
        balance: moneyToJson({ minor: BigInt(debit) - BigInt(credit), currency }),
      })),
      totals: [...byCurrency].map(([currency, list]) => moneyToJson({ minor: sumOf(list), currency })),
    };
  }
}

const sumOf = (lines: readonly TrialLine[]): bigint =>
  lines.reduce((sum, { debit, credit }) => sum + BigInt(debit) - BigInt(credit), 0n);

const toEntryDto = ({ recordedAt, postings, ...entry }: StoredEntry): EntryDto => ({
  ...entry,
  recordedAt: recordedAt.toISOString(),
  postings: postings.map(({ account, minor, currency }) => ({
    account,
    amount: moneyToJson({ minor: BigInt(minor), currency }),
  })),
});
