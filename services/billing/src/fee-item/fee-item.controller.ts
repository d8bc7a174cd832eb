import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import {
  changeFeeItemBody,
  defineFeeItemBody,
  feeItemDto,
  feeItemPage,
  feeItemsQuery,
  type ChangeFeeItemBody,
  type DefineFeeItemBody,
  type FeeItemDto,
  type FeeItemsQuery,
} from './fee-item.dto.js';
import { PRICE_READERS, PRICING_ROLES } from './fee-item.rules.js';
import { FeeItemService } from './fee-item.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('billing')
@Controller('api/v1/fee-items')
export class FeeItemController {
  constructor(private readonly items: FeeItemService) {}

  @Post()
  @Allow(...PRICING_ROLES)
  @ApiOperation({ operationId: 'defineFeeItem', summary: 'Add what the branch may charge (BIL-01)' })
  @Answers(201, feeItemDto)
  define(
    @Ctx() ctx: CallContext,
    @Body({ schema: defineFeeItemBody }) body: DefineFeeItemBody,
  ): Promise<FeeItemDto> {
    return this.items.define(ctx, body);
  }

  @Get()
  @Allow(...PRICE_READERS)
  @ApiOperation({ operationId: 'listFeeItems', summary: 'Fee items of the branches you work in' })
  @Answers(200, feeItemPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: feeItemsQuery }) query: FeeItemsQuery,
  ): Promise<Page<FeeItemDto>> {
    return this.items.list(ctx, query);
  }

  @Get(':id')
  @Allow(...PRICE_READERS)
  @ApiOperation({ operationId: 'getFeeItem', summary: 'One fee item' })
  @Answers(200, feeItemDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<FeeItemDto> {
    return this.items.get(ctx, id);
  }

  @Patch(':id')
  @Allow(...PRICING_ROLES)
  @ApiOperation({ operationId: 'changeFeeItem', summary: 'Change a fee item, or take it out of use' })
  @Answers(200, feeItemDto)
  change(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: changeFeeItemBody }) body: ChangeFeeItemBody,
  ): Promise<FeeItemDto> {
    return this.items.change(ctx, id, body);
  }
}
