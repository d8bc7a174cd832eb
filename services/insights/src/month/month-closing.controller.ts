import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { BILLING_FIGURE_ROLES } from '../billing/billing-figure.rules.js';
import {
  closeMonthBody,
  monthClosingDto,
  monthClosingPage,
  monthClosingsQuery,
  type CloseMonthBody,
  type MonthClosingDto,
  type MonthClosingsQuery,
} from './month-closing.dto.js';
import { CLOSING_ROLES } from './month-closing.rules.js';
import { MonthClosingService } from './month-closing.service.js';

@ApiTags('insights')
@Controller('api/v1/month-closings')
export class MonthClosingController {
  constructor(private readonly service: MonthClosingService) {}

  @Post()
  @Allow(...CLOSING_ROLES)
  @ApiOperation({
    operationId: 'closeMonth',
    summary: 'Close an ended month of a branch: what comes later shows as a correction (GRP-02)',
  })
  @Answers(201, monthClosingDto)
  close(
    @Ctx() ctx: CallContext,
    @Body({ schema: closeMonthBody }) body: CloseMonthBody,
  ): Promise<MonthClosingDto> {
    return this.service.close(ctx, body);
  }

  @Get()
  @Allow(...BILLING_FIGURE_ROLES)
  @ApiOperation({ operationId: 'listMonthClosings', summary: 'Closed months of the branches you oversee' })
  @Answers(200, monthClosingPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: monthClosingsQuery }) query: MonthClosingsQuery,
  ): Promise<Page<MonthClosingDto>> {
    return this.service.list(ctx, query);
  }
}
