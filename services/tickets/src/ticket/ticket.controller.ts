import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Allow, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import {
  amendTicketBody,
  assignBody,
  cancelBody,
  classifyBody,
  completeBody,
  pauseBody,
  registerTicketBody,
  reopenBody,
  resumeBody,
  startBody,
  type AmendTicketBody,
  type AssignBody,
  type ClassifyBody,
  type CompleteBody,
  type PauseBody,
  type ReasonBody,
  type RegisterTicketBody,
} from './ticket-command.dto.js';
import { TicketIntakeService } from './ticket-intake.service.js';
import { TicketQueryService } from './ticket-query.service.js';
import {
  deadlineDto,
  historyDto,
  historyQuery,
  ticketDto,
  ticketPage,
  ticketsQuery,
  type DeadlineDto,
  type HistoryDto,
  type HistoryQuery,
  type TicketDto,
  type TicketsQuery,
} from './ticket.dto.js';
import { READ_ROLES, REGISTER_ROLES, TRANSITIONS } from './ticket.rules.js';
import { TicketService } from './ticket.service.js';

const ticketId = { schema: z.uuid() };

@ApiTags('tickets')
@Controller('api/v1/tickets')
export class TicketController {
  constructor(
    private readonly intake: TicketIntakeService,
    private readonly tickets: TicketService,
    private readonly queries: TicketQueryService,
  ) {}

  @Post()
  @Allow(...REGISTER_ROLES)
  @ApiOperation({
    operationId: 'registerTicket',
    summary: 'Take a ticket in; the number comes back at once (TKT-01, TKT-02)',
  })
  @ApiResponse({ status: 201, standardSchema: ticketDto })
  register(
    @Ctx() ctx: CallContext,
    @Body({ schema: registerTicketBody }) body: RegisterTicketBody,
  ): Promise<TicketDto> {
    return this.intake.register(ctx, body);
  }

  @Get()
  @Allow(...READ_ROLES)
  @ApiOperation({
    operationId: 'listTickets',
    summary: 'Tickets in your scope, filtered and sorted, page by page',
  })
  @ApiResponse({ status: 200, standardSchema: ticketPage })
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: ticketsQuery }) query: TicketsQuery,
  ): Promise<Page<TicketDto>> {
    return this.queries.list(ctx, query);
  }

  @Get(':id')
  @Allow(...READ_ROLES)
  @ApiOperation({
    operationId: 'getTicket',
    summary: 'One ticket with the actions that you may take on it now',
  })
  @ApiResponse({ status: 200, standardSchema: ticketDto })
  get(@Ctx() ctx: CallContext, @Param('id', ticketId) id: string): Promise<TicketDto> {
    return this.queries.get(ctx, id);
  }

  @Patch(':id')
  @Allow(...TRANSITIONS.amend.roles)
  @ApiOperation({
    operationId: 'amendTicket',
    summary: 'Say whom and which property unit the ticket is about, once that is known',
  })
  @ApiResponse({ status: 200, standardSchema: ticketDto })
  amend(
    @Ctx() ctx: CallContext,
    @Param('id', ticketId) id: string,
    @Body({ schema: amendTicketBody }) body: AmendTicketBody,
  ): Promise<TicketDto> {
    return this.tickets.amend(ctx, id, body);
  }

  @Get(':id/deadline')
  @Allow(...READ_ROLES)
  @ApiOperation({
    operationId: 'explainDeadline',
    summary: 'Why the deadline is when it is, span by span (TKT-27, TKT-28)',
  })
  @ApiResponse({ status: 200, standardSchema: deadlineDto })
  deadline(@Ctx() ctx: CallContext, @Param('id', ticketId) id: string): Promise<DeadlineDto> {
    return this.queries.deadline(ctx, id);
  }

  @Get(':id/history')
  @Allow(...READ_ROLES)
  @ApiOperation({
    operationId: 'ticketHistory',
    summary: 'Who changed what, when, from what to what, why (ORG-02)',
  })
  @ApiResponse({ status: 200, standardSchema: historyDto })
  history(
    @Ctx() ctx: CallContext,
    @Param('id', ticketId) id: string,
    @Query({ schema: historyQuery }) query: HistoryQuery,
  ): Promise<HistoryDto> {
    return this.queries.history(ctx, id, query);
  }

  @Post(':id/classification')
  @HttpCode(200)
  @Allow(...TRANSITIONS.classify.roles)
  @ApiOperation({
    operationId: 'classifyTicket',
    summary: 'File the ticket under a kind and category (TKT-04)',
  })
  @ApiResponse({ status: 200, standardSchema: ticketDto })
  classify(
    @Ctx() ctx: CallContext,
    @Param('id', ticketId) id: string,
    @Body({ schema: classifyBody }) body: ClassifyBody,
  ): Promise<TicketDto> {
    return this.tickets.classify(ctx, id, body);
  }

  @Post(':id/assignment')
  @HttpCode(200)
  @Allow(...TRANSITIONS.assign.roles)
  @ApiOperation({ operationId: 'assignTicket', summary: 'Pass the ticket on to an employee' })
  @ApiResponse({ status: 200, standardSchema: ticketDto })
  assign(
    @Ctx() ctx: CallContext,
    @Param('id', ticketId) id: string,
    @Body({ schema: assignBody }) body: AssignBody,
  ): Promise<TicketDto> {
    return this.tickets.assign(ctx, id, body);
  }

  @Post(':id/start')
  @HttpCode(200)
  @Allow(...TRANSITIONS.start.roles)
  @ApiOperation({ operationId: 'startTicket', summary: 'Begin the work' })
  @ApiResponse({ status: 200, standardSchema: ticketDto })
  start(
    @Ctx() ctx: CallContext,
    @Param('id', ticketId) id: string,
    @Body({ schema: startBody }) _body: object,
  ): Promise<TicketDto> {
    return this.tickets.start(ctx, id);
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Allow(...TRANSITIONS.pause.roles)
  @ApiOperation({
    operationId: 'pauseTicket',
    summary: 'Stop the clock for a reason until a time; it goes on by itself (TKT-27)',
  })
  @ApiResponse({ status: 200, standardSchema: ticketDto })
  pause(
    @Ctx() ctx: CallContext,
    @Param('id', ticketId) id: string,
    @Body({ schema: pauseBody }) body: PauseBody,
  ): Promise<TicketDto> {
    return this.tickets.pause(ctx, id, body);
  }

  @Post(':id/resumption')
  @HttpCode(200)
  @Allow(...TRANSITIONS.resume.roles)
  @ApiOperation({ operationId: 'resumeTicket', summary: 'Let the clock go on before its time' })
  @ApiResponse({ status: 200, standardSchema: ticketDto })
  resume(
    @Ctx() ctx: CallContext,
    @Param('id', ticketId) id: string,
    @Body({ schema: resumeBody }) _body: object,
  ): Promise<TicketDto> {
    return this.tickets.resume(ctx, id);
  }

  @Post(':id/completion')
  @HttpCode(200)
  @Allow(...TRANSITIONS.complete.roles)
  @ApiOperation({
    operationId: 'completeTicket',
    summary: 'The work is done; the verdict on the deadline is made now',
  })
  @ApiResponse({ status: 200, standardSchema: ticketDto })
  complete(
    @Ctx() ctx: CallContext,
    @Param('id', ticketId) id: string,
    @Body({ schema: completeBody }) body: CompleteBody,
  ): Promise<TicketDto> {
    return this.tickets.complete(ctx, id, body);
  }

  @Post(':id/reopening')
  @HttpCode(200)
  @Allow(...TRANSITIONS.reopen.roles)
  @ApiOperation({
    operationId: 'reopenTicket',
    summary: 'Not solved after all: open it again, with a reason',
  })
  @ApiResponse({ status: 200, standardSchema: ticketDto })
  reopen(
    @Ctx() ctx: CallContext,
    @Param('id', ticketId) id: string,
    @Body({ schema: reopenBody }) body: ReasonBody,
  ): Promise<TicketDto> {
    return this.tickets.reopen(ctx, id, body);
  }

  @Post(':id/cancellation')
  @HttpCode(200)
  @Allow(...TRANSITIONS.cancel.roles)
  @ApiOperation({
    operationId: 'cancelTicket',
    summary: 'Withdraw the ticket with a reason; its number stays on record (ORG-05)',
  })
  @ApiResponse({ status: 200, standardSchema: ticketDto })
  cancel(
    @Ctx() ctx: CallContext,
    @Param('id', ticketId) id: string,
    @Body({ schema: cancelBody }) body: ReasonBody,
  ): Promise<TicketDto> {
    return this.tickets.cancel(ctx, id, body);
  }
}
