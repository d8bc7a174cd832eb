import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext } from '@steward/platform';
import { z } from 'zod';
import { ticketDto, type TicketDto } from '../ticket/ticket.dto.js';
import { READ_ROLES, TRANSITIONS } from '../ticket/ticket.rules.js';
import {
  acceptQuoteBody,
  declineQuoteBody,
  giveQuoteBody,
  orderReworkBody,
  receiveSlipBody,
  repairDto,
  signWorkBody,
  type AnswerQuoteBody,
  type GiveQuoteBody,
  type OrderReworkBody,
  type RepairDto,
  type SignWorkBody,
} from './repair.dto.js';
import { RepairQueryService } from './repair-query.service.js';
import { RepairService } from './repair.service.js';

const ticketId = { schema: z.uuid() };

@ApiTags('tickets')
@Controller('api/v1/tickets')
export class RepairController {
  constructor(
    private readonly repairs: RepairService,
    private readonly queries: RepairQueryService,
  ) {}

  @Get(':id/repair')
  @Allow(...READ_ROLES)
  @ApiOperation({
    operationId: 'getRepair',
    summary: 'Slip, quotes, signature and charges of a ticket (TKT-40, TKT-43, TKT-44)',
  })
  @Answers(200, repairDto)
  get(@Ctx() ctx: CallContext, @Param('id', ticketId) id: string): Promise<RepairDto> {
    return this.queries.get(ctx, id);
  }

  @Post(':id/slip-receipt')
  @HttpCode(200)
  @Allow(...TRANSITIONS['receive-slip'].roles)
  @ApiOperation({ operationId: 'receiveSlip', summary: 'Engineering signs for the repair slip (TKT-40)' })
  @Answers(200, ticketDto)
  receiveSlip(
    @Ctx() ctx: CallContext,
    @Param('id', ticketId) id: string,
    @Body({ schema: receiveSlipBody }) _body: object,
  ): Promise<TicketDto> {
    return this.repairs.receiveSlip(ctx, id);
  }

  @Post(':id/quote')
  @HttpCode(200)
  @Allow(...TRANSITIONS.quote.roles)
  @ApiOperation({
    operationId: 'giveQuote',
    summary: 'Price the work by the price list or case by case, before it starts (TKT-41, TKT-43)',
  })
  @Answers(200, ticketDto)
  quote(
    @Ctx() ctx: CallContext,
    @Param('id', ticketId) id: string,
    @Body({ schema: giveQuoteBody }) body: GiveQuoteBody,
  ): Promise<TicketDto> {
    return this.repairs.quote(ctx, id, body);
  }

  @Post(':id/quote-acceptance')
  @HttpCode(200)
  @Allow(...TRANSITIONS['accept-quote'].roles)
  @ApiOperation({
    operationId: 'acceptQuote',
    summary: 'The customer agrees to the price; work may start (TKT-43)',
  })
  @Answers(200, ticketDto)
  accept(
    @Ctx() ctx: CallContext,
    @Param('id', ticketId) id: string,
    @Body({ schema: acceptQuoteBody }) body: AnswerQuoteBody,
  ): Promise<TicketDto> {
    return this.repairs.accept(ctx, id, body);
  }

  @Post(':id/quote-refusal')
  @HttpCode(200)
  @Allow(...TRANSITIONS['decline-quote'].roles)
  @ApiOperation({ operationId: 'declineQuote', summary: 'The customer does not agree to the price' })
  @Answers(200, ticketDto)
  decline(
    @Ctx() ctx: CallContext,
    @Param('id', ticketId) id: string,
    @Body({ schema: declineQuoteBody }) body: AnswerQuoteBody,
  ): Promise<TicketDto> {
    return this.repairs.decline(ctx, id, body);
  }

  @Post(':id/signature')
  @HttpCode(200)
  @Allow(...TRANSITIONS.sign.roles)
  @ApiOperation({
    operationId: 'signWork',
    summary: 'The customer tried the work and signed; the agreed price goes to billing (TKT-44)',
  })
  @Answers(200, ticketDto)
  sign(
    @Ctx() ctx: CallContext,
    @Param('id', ticketId) id: string,
    @Body({ schema: signWorkBody }) body: SignWorkBody,
  ): Promise<TicketDto> {
    return this.repairs.sign(ctx, id, body);
  }

  @Post(':id/rework')
  @HttpCode(200)
  @Allow(...TRANSITIONS.rework.roles)
  @ApiOperation({
    operationId: 'orderRework',
    summary: 'Not satisfied: done again with a reason; what was charged stays charged once (TKT-49)',
  })
  @Answers(200, ticketDto)
  rework(
    @Ctx() ctx: CallContext,
    @Param('id', ticketId) id: string,
    @Body({ schema: orderReworkBody }) body: OrderReworkBody,
  ): Promise<TicketDto> {
    return this.repairs.rework(ctx, id, body);
  }
}
