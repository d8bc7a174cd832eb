import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { BOOK_READERS } from '../access.js';
import {
  cashHandoverDto,
  cashHandoverPage,
  cashHandoversQuery,
  drawerPage,
  drawersQuery,
  handOverCashBody,
  type CashHandoverDto,
  type CashHandoversQuery,
  type DrawerDto,
  type DrawersQuery,
  type HandOverCashBody,
} from './cash-handover.dto.js';
import { CASHIERS } from './cash-handover.rules.js';
import { CashHandoverService } from './cash-handover.service.js';

@ApiTags('billing')
@Controller('api/v1/cash-handovers')
export class CashHandoverController {
  constructor(private readonly handovers: CashHandoverService) {}

  @Post()
  @Allow(...CASHIERS)
  @ApiOperation({
    operationId: 'handOverCash',
    summary: 'Hand your cash of the day over with a signed count, once (BIL-09)',
  })
  @Answers(201, cashHandoverDto)
  handOver(
    @Ctx() ctx: CallContext,
    @Body({ schema: handOverCashBody }) body: HandOverCashBody,
  ): Promise<CashHandoverDto> {
    return this.handovers.handOver(ctx, body);
  }

  @Get()
  @Allow('cashier', ...BOOK_READERS)
  @ApiOperation({ operationId: 'listCashHandovers', summary: 'Signed counts of cash' })
  @Answers(200, cashHandoverPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: cashHandoversQuery }) query: CashHandoversQuery,
  ): Promise<Page<CashHandoverDto>> {
    return this.handovers.list(ctx, query);
  }

  @Get('due')
  @Allow('cashier', ...BOOK_READERS)
  @ApiOperation({
    operationId: 'listCashDrawers',
    summary: 'Cash that was not handed over yet, by cashier (BIL-09)',
  })
  @Answers(200, drawerPage)
  drawers(
    @Ctx() ctx: CallContext,
    @Query({ schema: drawersQuery }) query: DrawersQuery,
  ): Promise<Page<DrawerDto>> {
    return this.handovers.drawers(ctx, query);
  }

  @Get(':id')
  @Allow('cashier', ...BOOK_READERS)
  @ApiOperation({ operationId: 'getCashHandover', summary: 'One signed count' })
  @Answers(200, cashHandoverDto)
  get(@Ctx() ctx: CallContext, @Param('id', { schema: z.uuid() }) id: string): Promise<CashHandoverDto> {
    return this.handovers.get(ctx, id);
  }
}
