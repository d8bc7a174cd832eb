import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { READERS } from '../access.js';
import { receiptPage, receiptsQuery, type ReceiptDto, type ReceiptsQuery } from './receipt.dto.js';
import { ReceiptService } from './receipt.service.js';

@ApiTags('billing')
@Controller('api/v1/receipts')
export class ReceiptController {
  constructor(private readonly receipts: ReceiptService) {}

  @Get()
  @Allow(...READERS)
  @ApiOperation({
    operationId: 'listReceipts',
    summary: 'Receipts in your scope, with numbers without gaps (BIL-09, ORG-05)',
  })
  @Answers(200, receiptPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: receiptsQuery }) query: ReceiptsQuery,
  ): Promise<Page<ReceiptDto>> {
    return this.receipts.list(ctx, query);
  }
}
