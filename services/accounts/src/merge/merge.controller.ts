import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { MERGE_JUDGES, MERGERS } from '../customer/customer.rules.js';
import {
  mergeBody,
  mergeDecisionBody,
  mergeDto,
  mergePage,
  mergesQuery,
  type MergeBody,
  type MergeDecisionBody,
  type MergeDto,
  type MergesQuery,
} from './merge.dto.js';
import { MergeService } from './merge.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('customers')
@Controller('api/v1')
export class MergeController {
  constructor(private readonly merges: MergeService) {}

  @Post('customers/:id/merge')
  @Allow(...MERGERS)
  @ApiOperation({
    operationId: 'mergeCustomer',
    summary: 'Count this record for another one, or propose it (ACC-02)',
  })
  @Answers(201, mergeDto)
  merge(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: mergeBody }) body: MergeBody,
  ): Promise<MergeDto> {
    return this.merges.merge(ctx, id, body);
  }

  @Get('customer-merges')
  @Allow(...MERGERS)
  @ApiOperation({ operationId: 'listMerges', summary: 'Merges and proposals of your branches' })
  @Answers(200, mergePage)
  list(@Ctx() ctx: CallContext, @Query({ schema: mergesQuery }) query: MergesQuery): Promise<Page<MergeDto>> {
    return this.merges.list(ctx, query);
  }

  @Post('customer-merges/:id/approval')
  @HttpCode(200)
  @Allow(...MERGE_JUDGES)
  @ApiOperation({ operationId: 'approveMerge', summary: 'Carry out what a branch proposed' })
  @Answers(200, mergeDto)
  approve(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: mergeDecisionBody }) body: MergeDecisionBody,
  ): Promise<MergeDto> {
    return this.merges.decide(ctx, id, 'approve', body.reason);
  }

  @Post('customer-merges/:id/rejection')
  @HttpCode(200)
  @Allow(...MERGE_JUDGES)
  @ApiOperation({ operationId: 'rejectMerge', summary: 'Refuse what a branch proposed' })
  @Answers(200, mergeDto)
  reject(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: mergeDecisionBody }) body: MergeDecisionBody,
  ): Promise<MergeDto> {
    return this.merges.decide(ctx, id, 'reject', body.reason);
  }

  @Post('customer-merges/:id/undoing')
  @HttpCode(200)
  @Allow(...MERGERS)
  @ApiOperation({
    operationId: 'undoMerge',
    summary: 'Make two customers of one again; both histories are still there',
  })
  @Answers(200, mergeDto)
  undo(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: mergeDecisionBody }) body: MergeDecisionBody,
  ): Promise<MergeDto> {
    return this.merges.decide(ctx, id, 'undo', body.reason);
  }
}
