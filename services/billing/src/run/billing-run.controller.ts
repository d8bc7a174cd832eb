import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { RUN_READERS, RUN_ROLES } from './access.js';
import {
  billingRunDto,
  billingRunPage,
  cancelRunBody,
  runExceptionPage,
  runExceptionsQuery,
  runLinePage,
  runLinesQuery,
  runsQuery,
  startRunBody,
  type BillingRunDto,
  type CancelRunBody,
  type RunExceptionDto,
  type RunExceptionsQuery,
  type RunLineDto,
  type RunLinesQuery,
  type RunsQuery,
  type StartRunBody,
} from './billing-run.dto.js';
import { BillingRunService } from './billing-run.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('billing')
@Controller('api/v1/billing-runs')
export class BillingRunController {
  constructor(private readonly runs: BillingRunService) {}

  @Post()
  @Allow(...RUN_ROLES)
  @ApiOperation({
    operationId: 'startBillingRun',
    summary: 'Charge a branch’s period, or show what would be charged; whatever is repeated, once (BIL-04)',
  })
  @Answers(201, billingRunDto)
  start(@Ctx() ctx: CallContext, @Body({ schema: startRunBody }) body: StartRunBody): Promise<BillingRunDto> {
    return this.runs.start(ctx, body);
  }

  @Get()
  @Allow(...RUN_READERS)
  @ApiOperation({ operationId: 'listBillingRuns', summary: 'Billing runs of your branches' })
  @Answers(200, billingRunPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: runsQuery }) query: RunsQuery,
  ): Promise<Page<BillingRunDto>> {
    return this.runs.list(ctx, query);
  }

  @Get(':id')
  @Allow(...RUN_READERS)
  @ApiOperation({ operationId: 'getBillingRun', summary: 'One billing run with its progress' })
  @Answers(200, billingRunDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<BillingRunDto> {
    return this.runs.get(ctx, id);
  }

  @Get(':id/exceptions')
  @Allow(...RUN_READERS)
  @ApiOperation({ operationId: 'listBillingRunExceptions', summary: 'What a run could not charge, and why' })
  @Answers(200, runExceptionPage)
  exceptions(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Query({ schema: runExceptionsQuery }) query: RunExceptionsQuery,
  ): Promise<Page<RunExceptionDto>> {
    return this.runs.exceptions(ctx, id, query);
  }

  @Get(':id/lines')
  @Allow(...RUN_READERS)
  @ApiOperation({ operationId: 'listBillingRunLines', summary: 'What a dry run would charge' })
  @Answers(200, runLinePage)
  lines(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Query({ schema: runLinesQuery }) query: RunLinesQuery,
  ): Promise<Page<RunLineDto>> {
    return this.runs.lines(ctx, id, query);
  }

  @Post(':id/cancellation')
  @HttpCode(200)
  @Allow(...RUN_ROLES)
  @ApiOperation({ operationId: 'cancelBillingRun', summary: 'Stop a run; what it charged stays' })
  @Answers(200, billingRunDto)
  cancel(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: cancelRunBody }) body: CancelRunBody,
  ): Promise<BillingRunDto> {
    return this.runs.cancel(ctx, id, body);
  }
}
