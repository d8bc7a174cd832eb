import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import {
  billingFiguresDto,
  billingFiguresQuery,
  billingRecordPage,
  billingRecordsQuery,
  type BillingFiguresDto,
  type BillingFiguresQuery,
  type BillingRecordDto,
  type BillingRecordsQuery,
} from './billing-figure.dto.js';
import { BILLING_FIGURE_ROLES } from './billing-figure.rules.js';
import { BillingFigureService } from './billing-figure.service.js';

@ApiTags('insights')
@Controller('api/v1/figures/billing')
export class BillingFigureController {
  constructor(private readonly service: BillingFigureService) {}

  @Get()
  @Allow(...BILLING_FIGURE_ROLES)
  @ApiOperation({
    operationId: 'billingFigures',
    summary: 'Receivable, received, arrears by age and collection rate per branch and month (GRP-01)',
  })
  @Answers(200, billingFiguresDto)
  figures(
    @Ctx() ctx: CallContext,
    @Query({ schema: billingFiguresQuery }) query: BillingFiguresQuery,
  ): Promise<BillingFiguresDto> {
    return this.service.figures(ctx, query);
  }

  @Get('records')
  @Allow(...BILLING_FIGURE_ROLES)
  @ApiOperation({
    operationId: 'billingFigureRecords',
    summary: 'The charges, payments and credit notes behind a figure (GRP-02)',
  })
  @Answers(200, billingRecordPage)
  records(
    @Ctx() ctx: CallContext,
    @Query({ schema: billingRecordsQuery }) query: BillingRecordsQuery,
  ): Promise<Page<BillingRecordDto>> {
    return this.service.records(ctx, query);
  }
}
