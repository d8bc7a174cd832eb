import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { READ_ROLES } from '../ticket/ticket.rules.js';
import {
  attemptCallbackBody,
  callbackDto,
  callbackPage,
  callbacksQuery,
  recordCallbackBody,
  scheduleCallbackBody,
  type AttemptCallbackBody,
  type CallbackDto,
  type CallbacksQuery,
  type RecordCallbackBody,
  type ScheduleCallbackBody,
} from './callback.dto.js';
import { CALLBACK_ROLES } from './callback.rules.js';
import { CallbackService } from './callback.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('tickets')
@Controller('api/v1/callbacks')
export class CallbackController {
  constructor(private readonly callbacks: CallbackService) {}

  @Post()
  @Allow(...CALLBACK_ROLES)
  @ApiOperation({
    operationId: 'scheduleCallback',
    summary: 'Plan one more callback than completion brings, such as after the first rain (TKT-60)',
  })
  @Answers(201, callbackDto)
  schedule(
    @Ctx() ctx: CallContext,
    @Body({ schema: scheduleCallbackBody }) body: ScheduleCallbackBody,
  ): Promise<CallbackDto> {
    return this.callbacks.schedule(ctx, body);
  }

  @Get()
  @Allow(...READ_ROLES)
  @ApiOperation({
    operationId: 'listCallbacks',
    summary: 'Callbacks of your branches and sites, the most urgent first (TKT-60)',
  })
  @Answers(200, callbackPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: callbacksQuery }) query: CallbacksQuery,
  ): Promise<Page<CallbackDto>> {
    return this.callbacks.list(ctx, query);
  }

  @Get(':id')
  @Allow(...READ_ROLES)
  @ApiOperation({ operationId: 'getCallback', summary: 'One callback with its attempts' })
  @Answers(200, callbackDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<CallbackDto> {
    return this.callbacks.get(ctx, id);
  }

  @Post(':id/attempt')
  @HttpCode(200)
  @Allow(...CALLBACK_ROLES)
  @ApiOperation({
    operationId: 'attemptCallback',
    summary: 'Nobody answered; attempts lie on different days and parts of day (TKT-61)',
  })
  @Answers(200, callbackDto)
  attempt(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: attemptCallbackBody }) body: AttemptCallbackBody,
  ): Promise<CallbackDto> {
    return this.callbacks.attempt(ctx, id, body);
  }

  @Post(':id/result')
  @HttpCode(200)
  @Allow(...CALLBACK_ROLES)
  @ApiOperation({
    operationId: 'recordCallback',
    summary: 'What the customer said; who is not satisfied gets the work done again (TKT-49, TKT-61)',
  })
  @Answers(200, callbackDto)
  record(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: recordCallbackBody }) body: RecordCallbackBody,
  ): Promise<CallbackDto> {
    return this.callbacks.record(ctx, id, body);
  }
}
