import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext } from '@steward/platform';
import { z } from 'zod';
import { BILLING_FIGURE_ROLES } from '../billing/billing-figure.rules.js';
import { FIGURE_ROLES } from '../figure/figure.rules.js';
import {
  billingStatementDto,
  billingStatementQuery,
  ticketStatementDto,
  ticketStatementQuery,
  type BillingStatementDto,
  type BillingStatementQuery,
  type TicketStatementDto,
  type TicketStatementQuery,
} from './closing-statement.dto.js';
import { ClosingStatementService } from './closing-statement.service.js';

const closingId = { schema: z.uuid() };

@ApiTags('insights')
@Controller('api/v1/month-closings/:id/figures')
export class ClosingStatementController {
  constructor(private readonly service: ClosingStatementService) {}

  @Get('tickets')
  @Allow(...FIGURE_ROLES)
  @ApiOperation({
    operationId: 'ticketClosingStatement',
    summary: 'Tickets of a closed month: as closed, as they are now, and the corrections (GRP-02)',
  })
  @Answers(200, ticketStatementDto)
  tickets(
    @Ctx() ctx: CallContext,
    @Param('id', closingId) id: string,
    @Query({ schema: ticketStatementQuery }) query: TicketStatementQuery,
  ): Promise<TicketStatementDto> {
    return this.service.ticketStatement(ctx, id, query);
  }

  @Get('billing')
  @Allow(...BILLING_FIGURE_ROLES)
  @ApiOperation({
    operationId: 'billingClosingStatement',
    summary: 'Money of a closed month: as closed, as it is now, and the corrections (GRP-02)',
  })
  @Answers(200, billingStatementDto)
  billing(
    @Ctx() ctx: CallContext,
    @Param('id', closingId) id: string,
    @Query({ schema: billingStatementQuery }) query: BillingStatementQuery,
  ): Promise<BillingStatementDto> {
    return this.service.billingStatement(ctx, id, query);
  }
}
