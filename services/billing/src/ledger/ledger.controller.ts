import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { BOOK_READERS } from '../access.js';
import {
  entriesQuery,
  entryPage,
  trialBalanceDto,
  trialBalanceQuery,
  type EntriesQuery,
  type EntryDto,
  type TrialBalanceDto,
  type TrialBalanceQuery,
} from './ledger.dto.js';
import { LedgerService } from './ledger.service.js';

@ApiTags('billing')
@Controller('api/v1/ledger')
export class LedgerController {
  constructor(private readonly ledger: LedgerService) {}

  @Get('entries')
  @Allow(...BOOK_READERS)
  @ApiOperation({ operationId: 'listLedgerEntries', summary: 'The journal of your branches (BIL-03)' })
  @Answers(200, entryPage)
  entries(
    @Ctx() ctx: CallContext,
    @Query({ schema: entriesQuery }) query: EntriesQuery,
  ): Promise<Page<EntryDto>> {
    return this.ledger.entries(ctx, query);
  }

  @Get('trial-balance')
  @Allow(...BOOK_READERS)
  @ApiOperation({
    operationId: 'getTrialBalance',
    summary: 'Turnover and balance of every account of the ledger; the sum is zero (BIL-03)',
  })
  @Answers(200, trialBalanceDto)
  trialBalance(
    @Ctx() ctx: CallContext,
    @Query({ schema: trialBalanceQuery }) query: TrialBalanceQuery,
  ): Promise<TrialBalanceDto> {
    return this.ledger.trialBalance(ctx, query);
  }
}
