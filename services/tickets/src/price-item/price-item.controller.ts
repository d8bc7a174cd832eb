import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { READ_ROLES } from '../ticket/ticket.rules.js';
import {
  changePriceItemBody,
  definePriceItemBody,
  priceItemDto,
  priceItemPage,
  priceItemsQuery,
  type ChangePriceItemBody,
  type DefinePriceItemBody,
  type PriceItemDto,
  type PriceItemsQuery,
} from './price-item.dto.js';
import { PRICE_ROLES } from './price-item.rules.js';
import { PriceItemService } from './price-item.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('tickets')
@Controller('api/v1/price-items')
export class PriceItemController {
  constructor(private readonly items: PriceItemService) {}

  @Post()
  @Allow(...PRICE_ROLES)
  @ApiOperation({
    operationId: 'definePriceItem',
    summary: "Put labour or material on the branch's price list, from a day on (TKT-43)",
  })
  @Answers(201, priceItemDto)
  define(
    @Ctx() ctx: CallContext,
    @Body({ schema: definePriceItemBody }) body: DefinePriceItemBody,
  ): Promise<PriceItemDto> {
    return this.items.define(ctx, body);
  }

  @Get()
  @Allow(...READ_ROLES)
  @ApiOperation({ operationId: 'listPriceItems', summary: 'Price lists of the branches you work in' })
  @Answers(200, priceItemPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: priceItemsQuery }) query: PriceItemsQuery,
  ): Promise<Page<PriceItemDto>> {
    return this.items.list(ctx, query);
  }

  @Get(':id')
  @Allow(...READ_ROLES)
  @ApiOperation({ operationId: 'getPriceItem', summary: 'One entry of a price list' })
  @Answers(200, priceItemDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<PriceItemDto> {
    return this.items.get(ctx, id);
  }

  @Patch(':id')
  @Allow(...PRICE_ROLES)
  @ApiOperation({
    operationId: 'changePriceItem',
    summary: 'Rename an entry or end it; a new price is a new entry',
  })
  @Answers(200, priceItemDto)
  change(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: changePriceItemBody }) body: ChangePriceItemBody,
  ): Promise<PriceItemDto> {
    return this.items.change(ctx, id, body);
  }
}
