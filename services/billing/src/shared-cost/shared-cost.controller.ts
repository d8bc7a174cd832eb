import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { RUN_READERS, RUN_ROLES } from '../run/access.js';
import {
  enterSharedCostBody,
  sharedCostDto,
  sharedCostPage,
  sharedCostsQuery,
  sharePage,
  sharesQuery,
  type EnterSharedCostBody,
  type ShareDto,
  type SharedCostDto,
  type SharedCostsQuery,
  type SharesQuery,
} from './shared-cost.dto.js';
import { SharedCostService } from './shared-cost.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('billing')
@Controller('api/v1/shared-costs')
export class SharedCostController {
  constructor(private readonly costs: SharedCostService) {}

  @Post()
  @Allow(...RUN_ROLES)
  @ApiOperation({
    operationId: 'enterSharedCost',
    summary: 'Share a common cost among units; the shares add up exactly (BIL-16)',
  })
  @Answers(201, sharedCostDto)
  enter(
    @Ctx() ctx: CallContext,
    @Body({ schema: enterSharedCostBody }) body: EnterSharedCostBody,
  ): Promise<SharedCostDto> {
    return this.costs.enter(ctx, body);
  }

  @Get()
  @Allow(...RUN_READERS)
  @ApiOperation({ operationId: 'listSharedCosts', summary: 'Common costs of your branches and sites' })
  @Answers(200, sharedCostPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: sharedCostsQuery }) query: SharedCostsQuery,
  ): Promise<Page<SharedCostDto>> {
    return this.costs.list(ctx, query);
  }

  @Get(':id')
  @Allow(...RUN_READERS)
  @ApiOperation({ operationId: 'getSharedCost', summary: 'One common cost' })
  @Answers(200, sharedCostDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<SharedCostDto> {
    return this.costs.get(ctx, id);
  }

  @Get(':id/shares')
  @Allow(...RUN_READERS)
  @ApiOperation({
    operationId: 'listSharedCostShares',
    summary: 'What each unit bears of it, and by which weight',
  })
  @Answers(200, sharePage)
  shares(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Query({ schema: sharesQuery }) query: SharesQuery,
  ): Promise<Page<ShareDto>> {
    return this.costs.shares(ctx, id, query);
  }
}
